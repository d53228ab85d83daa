/** Directions in which one input moves, and the comparisons along them. */
import type { Range } from '../locate.ts';
import { roundingOf } from './finite-differences.ts';
import type { OneSidedSlopes } from './hints.ts';
import type { Projection } from './output-projections.ts';

/** Elements `from` … `to` − 1 of a leaf move along `v`, in steps of `h`. */
export interface Direction {
  readonly v: Float64Array;
  readonly from: number;
  readonly to: number;
  readonly h: number;
}

/** One number by autograd and by differences. */
export interface Comparison {
  readonly direction: Direction;
  readonly projection: Projection;
  readonly autograd: number;
  readonly differences: number;
  /** |autograd − differences| over what is allowed. Autograd is wrong above 1. */
  readonly excess: number;
}

export const isWrong = ({ excess }: Comparison): boolean => excess > 1;

/** The comparison with the largest excess. */
export const worstOf = (comparisons: readonly Comparison[]): Comparison | undefined =>
  comparisons.reduce<Comparison | undefined>(
    (a, b) => (a === undefined || b.excess > a.excess ? b : a),
    undefined,
  );

/** The part of a direction that moves the elements of a range. Null where it moves none of them. */
export function within(direction: Direction, [from, to]: Range): Direction | null {
  const part = { ...direction, from: Math.max(from, direction.from), to: Math.min(to, direction.to) };
  return part.from < part.to ? part : null;
}

/** The element that a failure along a direction comes from, by bisection into the worse half. */
export function worstElement(whole: Direction, errorAlong: (part: Direction) => number): number {
  let direction = whole;
  while (direction.to - direction.from > 1) {
    const middle = (direction.from + direction.to) >> 1;
    const low = { ...direction, to: middle };
    const high = { ...direction, from: middle };
    direction = errorAlong(low) >= errorAlong(high) ? low : high;
  }
  return direction.from;
}

/**
 * Slopes to either side of the point. @param along the number at a distance. @param size the size
 * of its terms there. @param x the element that moves.
 */
export function slopesOf(along: (t: number) => number, size: number, x: number): OneSidedSlopes {
  const here = along(0);
  const slopes = (h: number): [left: number, right: number] => [
    (here - along(-h)) / h,
    (along(h) - here) / h,
  ];
  const h = 1e-6 * Math.max(1, Math.abs(x));
  const [leftBefore, rightBefore] = slopes(h);
  const [left, right] = slopes(h / 8);
  const gapBefore = Math.abs(rightBefore - leftBefore);
  return { left, right, gapBefore, noise: roundingOf(Math.max(1, size), h / 8) };
}
