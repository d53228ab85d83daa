/** A handwritten backward against autograd: each parameter, gate and time step. */
import { valueAndGrad } from '@chronograd/autograd';
import type { Cell } from '@chronograd/nn';
import {
  type BackwardProblem,
  type BrokenLaw,
  cellLaws,
  gradientProblem,
  type HandwrittenBackward,
  type HandwrittenGradients,
  lawOutcomes,
} from '@chronograd/nn/testing';
import type { Tensor } from '@chronograd/tensor';
import type { ByHandSettings } from '../settings/by-hand.ts';
import { type Flat, flat, leafAt, pathsOf } from './flat.ts';
import type { Job } from './job.ts';
import { ProgramError } from './program-error.ts';

/** A row of the grid: a parameter or one of its gates, or a gradient of each step. */
export interface GridRow {
  /** `weightHh`, `inputs`, `states.h`. */
  readonly name: string;
  readonly gate: string | null;
  /**
   * For each step the largest difference from autograd, relative to the largest gradient of the
   * parameter. NaN for what is not a number.
   */
  readonly differences: readonly number[];
}

/** First the grid, then the law on many cases. */
export type ByHandEvent =
  | {
      readonly type: 'grid';
      readonly cell: string;
      readonly rows: readonly GridRow[];
      /** What cannot be compared: `weightHh is missing`. */
      readonly problems: readonly string[];
    }
  | { readonly type: 'law'; readonly broken: BrokenLaw | null };

type Problem = BackwardProblem<Cell<unknown>>;

/** Differences below are rounding. */
export const ROUNDING = 1e-9;

export const byHand: Job<ByHandSettings, ByHandEvent> = function* ([program], { steps, seed }) {
  const { name, makeCell, backward, options } = program!;
  if (backward === null)
    throw new ProgramError(
      'expected an exported function backward, got none; write export function backward',
    );
  const hiddenSize = 3 * (options.hiddenMultiple ?? 1);
  const problem = gradientProblem(makeCell, { steps, batch: 2, inputSize: 2, hiddenSize, seed }, options);
  yield { type: 'grid', cell: name, ...gridOf(problem, backward) };
  const skip = cellLaws(makeCell, options).flatMap(({ id }) => (id === 'backward' ? [] : [id]));
  for (const { broken } of lawOutcomes(makeCell, { ...options, backward, skip }))
    yield { type: 'law', broken };
};

/** Gradients by name: [step] of numbers. */
type BySteps = ReadonlyMap<string, readonly Flat[]>;

function gridOf(
  problem: Problem,
  backward: HandwrittenBackward<Cell<unknown>>,
): { rows: GridRow[]; problems: string[] } {
  const manual = backward(problem);
  const parts = suffixes(problem);
  const gradients = parts.map(automatic);
  const auto = new Map([...contributions(problem.cell, gradients), ...statesOf(gradients, manual)]);
  if (manual.inputs !== undefined) auto.set('inputs', slices(inputGradient(problem), parts.length));
  const { found, problems } = byHandSteps(manual, auto, parts, backward);
  const blocks = problem.cell.blocks();
  const rows = [...found].flatMap(([name, steps]) =>
    rowsOf(name, steps, auto.get(name)!, blocks[name] ?? [null]),
  );
  return { rows, problems };
}

/** The problem from each step on. Its gradients are the sums of what the steps from there add. */
function suffixes({ cell, inputs, state, dOutputs, dState }: Problem): Problem[] {
  let before = state;
  return Array.from({ length: inputs.shape[0]! }, (_, t) => {
    const part = { cell, inputs: inputs.slice([t]), state: before, dOutputs: dOutputs.slice([t]), dState };
    before = cell.step(inputs.select(t), before).state;
    return part;
  });
}

interface Gradients {
  readonly cell: object;
  readonly state: unknown;
}

function automatic({ cell, inputs, state, dOutputs, dState }: Problem): Gradients {
  const { grads } = valueAndGrad({ cell, state: state as object }, () => {
    let [total, before]: [Tensor | null, unknown] = [null, state];
    const add = (x: Tensor, weights: Tensor): void => {
      const term = x.mul(weights).sum();
      total = total?.add(term) ?? term;
    };
    for (let t = 0; t < inputs.shape[0]!; t++) {
      const { output, state: next } = cell.step(inputs.select(t), before);
      add(output, dOutputs.select(t));
      before = next;
    }
    for (const path of pathsOf(dState)) add(leafAt(before, path) as Tensor, leafAt(dState, path) as Tensor);
    return total!;
  })();
  return grads as unknown as Gradients;
}

function inputGradient(problem: Problem): Flat {
  const { target, loss } = problem as Problem & { target: object; loss: () => Tensor };
  const { grads } = valueAndGrad(target, loss)();
  return flat((grads as { readonly inputs: unknown }).inputs)!;
}

/** What each step adds to each gradient: the sums from it on, less those after it. */
function contributions(cell: Cell<unknown>, sums: readonly Gradients[]): Map<string, Flat[]> {
  return new Map(
    cell.namedParameters().map(([name, { size }]) => {
      const zeros = new Array<number>(size).fill(0);
      return [name, differences(sums.map((sum) => flat(leafAt(sum.cell, name)) ?? zeros))];
    }),
  );
}

const differences = (sums: readonly Flat[]): Flat[] =>
  sums.map((sum, t) => {
    const after = sums[t + 1];
    return after === undefined ? sum : sum.map((each, i) => each - after[i]!);
  });

/** The gradients of the state before each step, if the backward gives them. */
function statesOf(gradients: readonly Gradients[], { states }: HandwrittenGradients): Map<string, Flat[]> {
  if (states === undefined) return new Map();
  return new Map(
    pathsOf(gradients[0]!.state).map((path) => [
      path === '' ? 'states' : `states.${path}`,
      gradients.map(({ state }) => flat(leafAt(state, path))!),
    ]),
  );
}

/**
 * The same by hand. Steps of parameters are those of `cellByStep`, or found by running the backward
 * from each step on.
 */
function byHandSteps(
  manual: HandwrittenGradients,
  auto: BySteps,
  parts: readonly Problem[],
  backward: HandwrittenBackward<Cell<unknown>>,
): { found: Map<string, Flat[]>; problems: string[] } {
  const problems: string[] = [];
  const sums = parts.map((part, t) => (t === 0 ? manual : backward(part)));
  const found = new Map<string, Flat[]>();
  for (const [name, steps] of auto) {
    const [whole, expected] = [steps.length, steps[0]!.length];
    const perStep = name === 'inputs' || name.startsWith('states');
    const tree = perStep ? manual : manual.cellByStep;
    const bySteps = tree === undefined ? null : flat(leafAt(tree, name));
    const values =
      bySteps === null && !perStep
        ? sums.map(({ cell }) => flat(leafAt(cell, name)) ?? [])
        : slices(bySteps ?? [], whole);
    const wrong = values.find(({ length }) => length !== expected);
    if (wrong === undefined) found.set(name, bySteps === null ? differences(values) : values);
    else problems.push(wrong.length === 0 ? `${name} is missing` : sizes(name, expected, wrong.length));
  }
  for (const name of pathsOf(manual.cell)) if (!auto.has(name)) problems.push(`the cell has no ${name}`);
  return { found, problems };
}

const sizes = (name: string, expected: number, got: number): string =>
  `${name}: expected ${expected} numbers, got ${got}`;

/** A sequence as its steps. */
function slices(values: Flat, steps: number): Flat[] {
  const size = values.length / steps;
  return Array.from({ length: steps }, (_, t) => values.slice(t * size, (t + 1) * size));
}

/** A row for each gate. */
function rowsOf(
  name: string,
  manual: readonly Flat[],
  auto: readonly Flat[],
  gates: readonly (string | null)[],
): GridRow[] {
  const largest = Math.max(...auto.flat().map(Math.abs)) || 1;
  const size = auto[0]!.length / gates.length;
  return gates.map((gate, k) => ({
    name,
    gate,
    differences: auto.map((step, t) => {
      const errors = step.map((each, i) => Math.abs(each - manual[t]![i]!));
      return Math.max(0, ...errors.slice(k * size, (k + 1) * size)) / largest;
    }),
  }));
}
