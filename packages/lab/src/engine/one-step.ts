/**
 * Every number of each step, forward and backward, of a run over T steps. The loss is
 * L = ½·Σ‖output − target‖², with random targets.
 */
import { type Cell, Recurrent } from '@chronograd/nn';
import { isFloat, normal, Random, scope, type Tensor } from '@chronograd/tensor';
import { alias, leaves, mapTensors, type Primitives, withRecorder } from '@chronograd/tensor/engine';
import type { OneStepSettings } from '../settings/one-step.ts';
import type { Job } from './job.ts';
import { type Entry, Ledger } from './ledger.ts';
import { type Program, programFiles } from './program.ts';

/** Numbers of a tensor, in order, with its shape. */
export interface Numbers {
  readonly shape: readonly number[];
  readonly values: readonly number[];
}

export interface Value extends Numbers {
  /** ∂L/∂value, all parts added up. Null: none arrives. */
  readonly gradient: readonly number[] | null;
}

/** A tensor that enters the step. */
export interface Leaf {
  /** `x`, the state's path or `h`, or the parameter's path. */
  readonly name: string;
  readonly kind: 'input' | 'state' | 'parameter';
  readonly id: number;
  /** The part of the gradient that this step sends. */
  readonly part: readonly number[] | null;
}

/** A primitive of the step. */
export interface Row {
  readonly op: string;
  /** The name of a `customGradient`, which has its own backward. */
  readonly custom: string | null;
  readonly line: number | null;
  /** Ids of values. */
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
  /** What it sends to each input. */
  readonly parts: readonly (readonly number[] | null)[];
  /** The positions of a slice or selection along one axis. */
  readonly range: Range | null;
}

/** A part of a tensor along an axis, the last or another. */
export interface Range {
  readonly last: boolean;
  readonly first: number;
  readonly count: number;
}

/** One step. */
export interface OneStepEvent {
  readonly name: string;
  /** From 1. */
  readonly step: number;
  readonly loss: number;
  readonly leaves: readonly Leaf[];
  readonly rows: readonly Row[];
  /** All values of the step, by id. */
  readonly values: readonly Value[];
  /** The id of the output, and output − target: what the loss sends to it. */
  readonly output: { readonly id: number; readonly error: readonly number[]; readonly tracked: boolean };
  /** The state after the step, and what later steps send to it. */
  readonly states: readonly {
    readonly name: string;
    readonly id: number;
    readonly later: readonly number[] | null;
  }[];
}

const INPUT_SIZE = 2;
/** Frames that V8 keeps of a stack: enough for modules inside of modules. */
const FRAMES = 60;

export const oneStep: Job<OneStepSettings, OneStepEvent> = function* ([program], settings) {
  Error.stackTraceLimit = FRAMES;
  yield* scope(() => stepsOf(program!, settings));
};

/** What a step did. */
interface Ran {
  readonly x: Tensor;
  readonly before: readonly Named[];
  readonly after: readonly Named[];
  readonly output: Tensor;
  readonly error: Tensor;
  readonly from: number;
  readonly to: number;
}

type Named = readonly [name: string, value: Tensor];

function stepsOf({ name, makeCell, options }: Program, settings: OneStepSettings): OneStepEvent[] {
  const { steps, seed } = settings;
  const unit = options.hiddenMultiple ?? 1;
  const hiddenSize = unit * Math.ceil(settings.hiddenSize / unit);
  const random = new Random(seed);
  const cell = makeCell({ inputSize: INPUT_SIZE, hiddenSize, dtype: 'float64', random });
  const sizes = { steps, batch: 1, inputSize: INPUT_SIZE, hiddenSize, seed };
  const inputs =
    options.inputs?.(sizes, random) ?? normal([steps, 1, INPUT_SIZE], { random, dtype: 'float64' });
  const x = isFloat(inputs.dtype) ? inputs.cast('float64') : inputs;
  new Recurrent(cell).forward(x); // its errors say what a step must return
  const parameters = cell.namedParameters();
  const ledger = new Ledger(programFiles());
  for (const [, parameter] of parameters) ledger.watch(parameter);
  const ran = run(cell, x, ledger, random);
  const events: OneStepEvent[] = [];
  for (const [index, each] of [...ran.entries()].reverse()) {
    const later = each.after.map(([, value]) => numbersOf(ledger.gradientOf(value)));
    if (ledger.isTracked(each.output)) ledger.send(each.output, each.error);
    ledger.walk(each.from, each.to);
    events.unshift({ name, step: index + 1, ...shown(each, later, ledger, parameters) });
  }
  return events;
}

/** Runs the steps forward. */
function run(cell: Cell<unknown>, inputs: Tensor, ledger: Ledger, random: Random): Ran[] {
  const handle = <T>(tree: T): T => mapTensors('oneStep', tree, alias) as T;
  const ran: Ran[] = [];
  let state: unknown = handle(cell.initialState(1));
  for (const [, each] of namedLeaves(state)) ledger.watch(each);
  for (let t = 0; t < inputs.shape[0]!; t++) {
    const x = alias(inputs.select(t));
    ledger.watch(x);
    const before = namedLeaves(state);
    const from = ledger.entries.length;
    const { output, state: next } = withRecorder(ledger, () => cell.step(x, state));
    const to = ledger.entries.length;
    const error = output.sub(normal(output.shape, { random, dtype: 'float64' }));
    ran.push({ x, before, after: namedLeaves(next), output, error, from, to });
    state = next;
  }
  return ran;
}

/** The tensors of a state. That of a single tensor is `h`. */
const namedLeaves = (state: unknown): Named[] =>
  leaves('oneStep', state).map(({ path, leaf }) => [path === '' ? 'h' : path, leaf as Tensor]);

/** The event of a step, after the walk over it. */
function shown(
  { x, before, after, output, error, from, to }: Ran,
  later: readonly (readonly number[] | null)[],
  ledger: Ledger,
  parameters: readonly (readonly [string, Tensor])[],
): Omit<OneStepEvent, 'name' | 'step'> {
  const ids = new Map<Tensor, number>();
  const idOf = (each: Tensor): number => {
    const id = ids.get(each) ?? ids.size;
    ids.set(each, id);
    return id;
  };
  const entries = ledger.entries.slice(from, to);
  const leaf =
    (kind: Leaf['kind']) =>
    ([name, each]: readonly [string, Tensor]): Leaf => ({
      name,
      kind,
      id: idOf(each),
      part: partOf(each, entries),
    });
  const given = [leaf('input')(['x', x]), ...before.map(leaf('state')), ...parameters.map(leaf('parameter'))];
  const rows = entries.map(
    (entry): Row => ({
      op: entry.op,
      custom: entry.op === 'custom' ? (entry.params as Primitives['custom']['params']).name : null,
      line: entry.place?.line ?? null,
      inputs: entry.inputs.map(idOf),
      outputs: entry.outputs.map(idOf),
      parts: entry.inputs.map((_, i) => numbersOf(entry.parts[i] ?? null)),
      range: rangeOf(entry),
    }),
  );
  const states = after.map(([name, each], i) => ({ name, id: idOf(each), later: later[i]! }));
  const last = { id: idOf(output), error: numbersOf(error)!, tracked: ledger.isTracked(output) };
  const values = [...ids.keys()].map(
    (each): Value => ({
      shape: each.shape,
      values: numbersOf(each)!,
      gradient: numbersOf(ledger.gradientOf(each)),
    }),
  );
  const loss = 0.5 * last.error.reduce((sum, value) => sum + value * value, 0);
  return { loss, leaves: given, rows, values, output: last, states };
}

const numbersOf = (x: Tensor | null): number[] | null => (x === null ? null : Array.from(x.toTypedArray()));

/** The sum of what the entries send to a tensor. */
function partOf(x: Tensor, entries: readonly Entry[]): number[] | null {
  const parts = entries.flatMap(({ inputs, parts }) =>
    inputs.flatMap((input, i) => (input === x && parts[i] ? [parts[i]] : [])),
  );
  const [first, ...rest] = parts;
  return first === undefined ? null : numbersOf(rest.reduce((sum, part) => sum.add(part), first));
}

/** The part that a slice or a selection takes, if along one axis. */
function rangeOf({ op, inputs, params, outputs }: Entry): Range | null {
  const shape = inputs[0]!.shape;
  const last = (axis: number): boolean => axis === shape.length - 1;
  if (op === 'select') {
    const { axis, index } = params as Primitives['select']['params'];
    return { last: last(axis), first: index, count: 1 };
  }
  if (op !== 'slice') return null;
  const { starts, steps } = params as Primitives['slice']['params'];
  const sizes = outputs[0]!.shape;
  const [axis, ...others] = shape.flatMap((size, i) => (size === sizes[i] ? [] : [i]));
  if (axis === undefined || others.length > 0 || steps[axis] !== 1) return null;
  return { last: last(axis), first: starts[axis]!, count: sizes[axis]! };
}
