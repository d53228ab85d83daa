/** The check of a plan: runs the function beside a replay, and reports the first difference. */
import { describeValue, OutOfMemoryError, PlanError, showShape } from '../errors.ts';
import { Parameter } from '../parameter.ts';
import { trackingDraws } from '../random.ts';
import { withRuntime } from '../runtime.ts';
import { segment } from '../segment.ts';
import { sameShape } from '../shape.ts';
import { Tensor } from '../tensor.ts';
import { isBranch, zipTree } from '../tree.ts';

/** Whether to check a replay, by its number from 1 on: the first ones, and 1, 2, 4, 8, …. */
export function isDue(replay: number, first: number): boolean {
  return first > 0 && (replay <= first || Number.isInteger(Math.log2(replay)));
}

/** The runs to compare. */
export interface Check<R> {
  /** The function on the arguments. */
  readonly run: () => R;
  /** The function on other handles of the same values. */
  readonly runOnAliases: () => R;
  readonly replay: () => R;
}

/** The replay's result. @throws PlanError if the function's result differs. */
export function verified<R>({ run, runOnAliases, replay }: Check<R>): R {
  let expected: R;
  try {
    expected = beside(run);
  } catch (error) {
    // A replay needs no memory, so the check must not fail for lack of it.
    if (error instanceof OutOfMemoryError) return replay();
    throw error;
  }
  const { result: got, undo } = trackingDraws(replay);
  const found = difference(expected, got);
  if (found === null) return got;
  undo();
  const cause =
    difference(expected, beside(run)) !== null
      ? 'the function gives another result at every call: keep counters, data streams and random numbers that are not from a Random outside, and pass their values as arguments'
      : difference(beside(runOnAliases), got) === null
        ? 'an argument is also used from outside, where it is another tensor to the plan: use the argument alone'
        : 'a variable or an object that the function reads has changed since the recording: pass it as an argument, or keep it in an ordinary field of a Module';
  throw new PlanError(`plan: expected a replay to equal the function, ${found}; ${cause}`);
}

/** The function's result. The state of every Random is restored. */
function beside<R>(run: () => R): R {
  const { result, undo } = trackingDraws(() => withRuntime({ replays: false }, () => segment(run)));
  undo();
  return result;
}

/** The first place where two results differ, as a message says it, or null. */
function difference(expected: unknown, got: unknown): string | null {
  let found: string | null = null;
  const place = (path: string): string => (path === '' ? 'the result' : path);
  const compare = (a: unknown, b: unknown, path: string): void => {
    found ??= differenceOfLeaves(a, b, place(path));
  };
  zipTree('plan', expected, got, compare, (a, b, path) => {
    if (found !== null || !isBranch(a) || !isBranch(b)) return null;
    const [parts, others] = [Object.keys(a).length, Object.keys(b).length];
    if (parts === others) return [a, b];
    found = `got ${others} instead of ${parts} parts at ${place(path)}`;
    return null;
  });
  return found;
}

function differenceOfLeaves(expected: unknown, got: unknown, at: string): string | null {
  if (expected instanceof Parameter || got instanceof Parameter)
    return expected === got ? null : `got another Parameter at ${at}`;
  if (expected instanceof Tensor && got instanceof Tensor) return differenceOfTensors(expected, got, at);
  return Object.is(expected, got) ? null : `got ${show(got)} instead of ${show(expected)} at ${at}`;
}

function differenceOfTensors(expected: Tensor, got: Tensor, at: string): string | null {
  if (expected.dtype !== got.dtype || !sameShape(expected.shape, got.shape)) {
    const form = (x: Tensor): string => `${x.dtype} ${showShape(x.shape)}`;
    return `got ${form(got)} instead of ${form(expected)} at ${at}`;
  }
  const [values, others] = [expected.toTypedArray(), got.toTypedArray()];
  const i = values.findIndex((value, k) => !Object.is(value, others[k]));
  return i < 0
    ? null
    : `got ${show(others[i])} instead of ${show(values[i])} at ${at}${got.rank === 0 ? '' : showShape(indexOf(i, got.shape))}`;
}

/** The position of an element along each axis. */
function indexOf(element: number, shape: readonly number[]): number[] {
  let rest = element;
  return shape
    .toReversed()
    .map((size) => {
      const at = rest % size;
      rest = Math.floor(rest / size);
      return at;
    })
    .toReversed();
}

function show(value: unknown): string {
  if (Object.is(value, -0)) return '-0';
  return typeof value === 'number' ? String(value) : describeValue(value);
}
