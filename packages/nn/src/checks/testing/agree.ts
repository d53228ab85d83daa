/** Comparing two computations of the same numbers. */
import { compareGradients, leavesOf, showPlace, type Tolerance } from '@chronograd/autograd';
import type { Tensor } from '@chronograd/tensor';
import { sameShape, showShape } from '@chronograd/tensor/engine';
import type { Cell } from '../../cells/cell.ts';
import { nameState, stateLeaves } from '../../recurrent/state-leaves.ts';
import { short, Violation } from './law.ts';
import type { Run, Unrolled } from './run.ts';

/** Names of the two sides, and what to do if they differ. */
export interface Sides {
  readonly left: string;
  readonly right: string;
  readonly cure: string;
}

/** Tolerance for sums taken in another order. */
export const ROUNDING = 1e-12;

/**
 * @param rtol relative to the largest number; 0 requires equal bits
 * @param axes names of the axes
 */
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
  const bits = rtol === 0 ? '; expected equal bits' : '';
  throw new Violation(
    `${what}${where === '' ? '' : ` at ${where}`}: ${left} ${x[at]}, ${right} ${y[at]}${bits}`,
    cure,
  );
}

/** Compares outputs and final states. */
export function requireSameResults(a: Unrolled, b: Unrolled, rtol: number, sides: Sides): void {
  requireSame('outputs', a.outputs, b.outputs, rtol, sides, ['step', 'stream']);
  const others = stateLeaves(b.state);
  stateLeaves(a.state).forEach(({ path, leaf }, i) => {
    const what = `the final ${nameState(path)}`;
    requireSame(what, leaf, others[i]!.leaf, rtol, sides, ['stream']);
  });
}

/**
 * Compares trees of gradients.
 * @param cell names the gates
 * @param steps gradients with time in front, in which errors are located by step
 */
export function requireSameGradients(
  cell: Cell<unknown>,
  a: unknown,
  b: unknown,
  rtol: number,
  { left, right, cure }: Sides,
  steps: readonly string[] = ['inputs'],
): void {
  const options = { blocks: cell.blocks(), steps, ...toleranceFor(a, rtol) };
  const comparison = compareGradients(a, b, options);
  if (comparison.passed) return;
  const { name, place, index, manual, auto, problem } = comparison.worst;
  const where =
    place === null
      ? `: ${problem}`
      : ` at ${showPlace(place, index)}: ${left} ${short(manual)}, ${right} ${short(auto)}`;
  const detail = (): string => `manual is ${left}, auto ${right}:\n${comparison}`;
  throw new Violation(`the gradient of ${name}${where}`, cure, detail);
}

/** Compares results, and gradients up to rounding. */
export function requireSameRuns(cell: Cell<unknown>, a: Run, b: Run, rtol: number, sides: Sides): void {
  requireSameResults(a, b, rtol, sides);
  requireSameGradients(cell, a.gradients, b.gradients, ROUNDING, sides);
}

/**
 * The tolerance relative to each gradient, and a tenth of it relative to the largest of all. Where
 * large terms cancel (the inputs of a normalization, whose scale does not matter), the rest is
 * rounding of these terms.
 */
export function toleranceFor(gradients: unknown, rtol: number): Tolerance {
  const largest = leavesOf('cellLaws', gradients)
    .flatMap(({ leaf }) => Array.from(leaf.toTypedArray()))
    .reduce((most, g) => Math.max(most, Math.abs(g)), 0);
  return { rtol, atol: 0.1 * rtol * largest };
}
