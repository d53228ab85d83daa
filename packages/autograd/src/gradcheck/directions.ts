/** Ways to move one input, and what was found along them. */
import { roundingOf } from './differences.ts';
import type { Sides } from './hints.ts';
import type { Row } from './rows.ts';

/** Elements `from` … `to` − 1 of a leaf move along `v`, in steps of `h`. */
export interface Direction {
  readonly v: Float64Array;
  readonly from: number;
  readonly to: number;
  readonly h: number;
}

/** One number by autograd and by differences. */
export interface Finding {
  readonly direction: Direction;
  readonly row: Row;
  readonly autograd: number;
  readonly differences: number;
  /** |autograd − differences| over what is allowed: right up to 1. */
  readonly excess: number;
}

/** Whether autograd is wrong. */
export const failed = ({ excess }: Finding): boolean => excess > 1;

/** The finding that is worst in terms of what is allowed. */
export const worstOf = (findings: readonly Finding[]): Finding | undefined =>
  findings.reduce<Finding | undefined>((a, b) => (a === undefined || b.excess > a.excess ? b : a), undefined);

/** The part of a direction that moves some elements only; null where it moves none of them. */
export function within(direction: Direction, [from, to]: readonly [number, number]): Direction | null {
  const part = { ...direction, from: Math.max(from, direction.from), to: Math.min(to, direction.to) };
  return part.from < part.to ? part : null;
}

/**
 * Which element a failure along a direction comes from: the worse half of the worse half of …
 * @param errorAlong how wrong autograd is along a part of the direction.
 */
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
 * How fast a number changes to either side of the point. @param along the number at a distance. @param size how large its terms are there.
 * @param x what moves.
 */
export function sidesOf(along: (t: number) => number, size: number, x: number): Sides {
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
