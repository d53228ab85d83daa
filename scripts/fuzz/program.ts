/** A program: a few calls in one setting. Results are operands of later calls. */
import { ChronogradError, type Parameter, Random, type Tensor } from '@chronograd/tensor';
import { mapTensors } from '@chronograd/tensor/engine';
import { Draw } from './arguments.ts';
import { calls, nearAddresses, plannable } from './calls.ts';
import { Dice } from './dice.ts';
import { show } from './garbage.ts';
import { inSetting, REFERENCE, type Run, SETTINGS, type Setting } from './settings.ts';
import { changed, sourcesOf } from './sources.ts';

/** The outcome of one call. */
export interface Step {
  readonly text: string;
  readonly call: string;
  /** The class of the thrown error. */
  readonly error: string | null;
  /** What is wrong with this outcome alone. */
  readonly problem: string | null;
  readonly tensors: readonly Tensor[];
  readonly rest: string;
}

/** Tensors with more elements are not read. */
const MOST_READ = 4096;

const failed = (call: string, text: string, error: unknown): Step => ({
  call,
  text,
  error: error instanceof Error ? error.constructor.name : typeof error,
  problem: error instanceof ChronogradError ? null : `untyped error ${String(error)}`,
  tensors: [],
  rest: '',
});

/** Changes the arguments, as a caller may do after the call has returned. */
function spoil(args: readonly unknown[], dice: Dice): void {
  for (const arg of args) {
    const lists = [arg, (arg as { shape?: unknown } | null | undefined)?.shape];
    for (const list of lists) {
      if (Array.isArray(list) && !Object.isFrozen(list) && dice.chance(0.5)) list.fill(100_000);
      else if (Array.isArray(list) && !Object.isFrozen(list)) list.length = 0;
      else if (list instanceof Float32Array || list instanceof Int32Array) list.fill(77);
    }
  }
}

function perform(draw: Draw, planned: boolean, spoiling: boolean): Step {
  const { dice } = draw;
  const some = dice.chance(0.35) ? nearAddresses : calls;
  // A plan that refuses one of its calls refuses all, so such calls are rare.
  const call = dice.pick(planned && dice.chance(0.97) ? some.filter(plannable) : some);
  const args = draw.all(call.makers);
  const text = `${call.name}(${args.map(show).join(', ')})`;
  const wrong = !planned && call.wrong(args);
  try {
    const result = (call.run as (...all: unknown[]) => unknown)(...args);
    const tensors: Tensor[] = [];
    const rest = mapTensors('fuzz', result, (x) => {
      tensors.push(x);
      return x;
    });
    for (const x of call.sort === 'public' ? tensors : []) if (x.size <= MOST_READ) draw.pool.push(x);
    const problem = wrong ? 'wrong arguments were taken' : null;
    if (call.sort !== 'public')
      return { call: call.name, text, error: null, problem, tensors: [], rest: 'object' };
    const shown = typeof rest === 'number' ? String(rest) : typeof rest;
    return { call: call.name, text, error: null, problem, tensors, rest: shown };
  } catch (error) {
    const step = failed(call.name, text, error);
    if (call.sort === 'public') return step;
    return { ...step, error: null, problem: call.sort === 'internal' ? null : step.problem, rest: 'object' };
  } finally {
    // A plan reads the numbers of tensor(…) again at every call, as documented.
    const read = planned && call.name.startsWith('tensor');
    if (spoiling && !read) spoil(args, new Dice(dice.bits()));
    else dice.bits();
  }
}

/**
 * Runs a program. The reference runs outside of scopes, on plain copies of the operands, and
 * changes no argument after a call.
 */
export function run(
  seed: number,
  program: number,
  parameters: readonly Parameter[],
  reference: boolean,
): { readonly setting: Setting; readonly run: Run; readonly damaged: string | null } {
  const outer = new Dice(seed, program);
  const chosen = outer.pick(SETTINGS);
  const setting = reference ? REFERENCE[chosen] : chosen;
  const length = 1 + outer.below(5);
  const sources = sourcesOf(new Dice(seed, program, 1), parameters, reference);
  const random = new Random(program);
  const body = (operands: readonly Tensor[]): Step[] => {
    const draw = new Draw(new Dice(seed, program, 2), [...operands], random);
    return Array.from({ length }, () => perform(draw, chosen.startsWith('plan'), !reference));
  };
  let result: Run;
  try {
    result = inSetting(setting, body, sources, parameters);
  } catch (error) {
    result = { steps: [], grads: [], replayed: null, failure: failed(setting, setting, error) };
  }
  const damaged = sources.map(changed).find((each) => each !== null) ?? null;
  return { setting: chosen, run: result, damaged };
}
