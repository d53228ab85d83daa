/** Two ways to the same numbers: where they differ, in words. */
import { compareGradients, type Localizing, leavesOf, showPlace, type Tolerance } from '@chronograd/autograd';
import type { Tensor } from '@chronograd/tensor';
import { sameShape, showShape } from '@chronograd/tensor/engine';
import { nameState, stateLeaves } from '../../recurrent/state-leaves.ts';
import type { Unrolled } from './run.ts';
import { short, Violation } from './violation.ts';

/** What the two sides are called, and what to do where they differ. */
export interface Sides {
  readonly left: string;
  readonly right: string;
  readonly cure: string;
}

/** Rounding: sums taken in another order. */
export const ROUNDING = 1e-12;

/** @param rtol relative to the largest number; 0 asks for the same bits. @param axes what the axes are called. */
export function requireSame(
  what: string,
  a: Tensor,
  b: Tensor,
  rtol: number,
  { left, right, cure }: Sides,
  axes: readonly string[] = [],
): void {
  if (!sameShape(a.shape, b.shape) || a.dtype !== b.dtype) {
    const show = (x: Tensor): string => `${x.dtype} ${showShape(x.shape)}`;
    throw new Violation(`${what}: ${left} ${show(a)}, ${right} ${show(b)}`, cure);
  }
  const [x, y] = [Array.from(a.toTypedArray()), Array.from(b.toTypedArray())];
  const largest = x.reduce((most, each, i) => Math.max(most, Math.abs(each), Math.abs(y[i]!)), 0);
  const at = x.findIndex((each, i) => !Object.is(each, y[i]!) && !(Math.abs(each - y[i]!) <= rtol * largest));
  if (at < 0) return;
  const index = a.shape.map(
    (size, axis) => Math.floor(at / a.shape.slice(axis + 1).reduce((n, k) => n * k, 1)) % size,
  );
  const where = index.map((i, axis) => `${axes[axis] ?? 'unit'} ${i}`).join(', ');
  const bits = rtol === 0 ? '; the same bits were expected' : '';
  throw new Violation(
    `${what}${where === '' ? '' : ` at ${where}`}: ${left} ${x[at]}, ${right} ${y[at]}${bits}`,
    cure,
  );
}

/** Outputs and final states. */
export function requireSameResults(a: Unrolled, b: Unrolled, rtol: number, sides: Sides): void {
  requireSame('outputs', a.outputs, b.outputs, rtol, sides, ['step', 'stream']);
  const others = stateLeaves(b.state);
  stateLeaves(a.state).forEach(({ path, leaf }, i) => {
    const what = `the final ${nameState(path)}`;
    requireSame(what, leaf, others[i]!.leaf, rtol, sides, ['stream']);
  });
}

/** Trees of gradients. */
export function requireSameGradients(
  a: unknown,
  b: unknown,
  rtol: number,
  { left, right, cure }: Sides,
  localizing: Localizing,
): void {
  const comparison = compareGradients(a, b, { ...localizing, ...toleranceFor(a, rtol) });
  if (comparison.passed) return;
  const { name, place, index, manual, auto, problem } = comparison.worst;
  const where =
    place === null
      ? `: ${problem}`
      : ` at ${showPlace(place, index)}: ${left} ${short(manual)}, ${right} ${short(auto)}`;
  throw new Violation(
    `the gradient of ${name}${where}`,
    cure,
    () => `manual is ${left}, auto ${right}:\n${comparison}`,
  );
}

/**
 * The relative tolerance, and a tenth of it relative to the largest gradient of all: what is left of large terms that cancel (the inputs of
 * a normalization, whose scale does not matter) is rounding of these.
 */
export function toleranceFor(gradients: unknown, rtol: number): Tolerance {
  const largest = leavesOf('cellLaws', gradients)
    .flatMap(({ leaf }) => Array.from(leaf.toTypedArray()))
    .reduce((most, g) => Math.max(most, Math.abs(g)), 0);
  return { rtol, atol: 0.1 * rtol * largest };
}
