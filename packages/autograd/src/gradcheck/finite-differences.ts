/** Derivatives by finite differences, which autograd is checked against. They use no tape. */

/**
 * `central`: (y(h) − y(−h)) / 2h, error h².
 * `five-point`: (8·(y(h) − y(−h)) − (y(2h) − y(−2h))) / 12h, error h⁴.
 */
export type Method = 'central' | 'five-point';

interface Formula {
  /** Of y(k·h) − y(−k·h), k = 1, 2, … */
  readonly weights: readonly number[];
  /** The step that suits most functions. */
  readonly step: number;
  /** Where a search for a better step begins, in units of `step`. */
  readonly longest: number;
}

export const formulas: Readonly<Record<Method, Formula>> = {
  central: { weights: [1 / 2], step: 1e-6, longest: 4 ** 6 },
  'five-point': { weights: [2 / 3, -1 / 12], step: 1e-3, longest: 4 },
};

/** A function along a line: flat y at distance t from the point. */
export type Line = (t: number) => Float64Array;

/** dy/dt at 0, by differences with step `h`. */
export function derivative(line: Line, h: number, method: Method): Float64Array {
  let sum: Float64Array | undefined;
  formulas[method].weights.forEach((weight, i) => {
    const t = (i + 1) * h;
    const ahead = line(t);
    const behind = line(-t);
    sum ??= new Float64Array(ahead.length);
    for (let j = 0; j < sum.length; j++) sum[j] = sum[j]! + (weight * (ahead[j]! - behind[j]!)) / h;
  });
  return sum!;
}

/** The rounding error of a difference with step `h`: a few units in the last place of y, over h. */
export function roundingOf(y: number, h: number): number {
  return (4 * Number.EPSILON * Math.abs(y)) / h;
}

const QUARTERINGS = 7;

/**
 * dy/dt where the first step may be too long (near a kink, a pole, or the edge of the domain) or
 * too short (where rounding within the function outweighs). Takes five-point differences over steps
 * from the longest down, quartered each time. Each output gets the estimate that changed least
 * since the one before, rounding included. Autograd's numbers have no influence.
 * @param first the estimate with step `h`. @param y the values at the point.
 */
export function refined(
  line: Line,
  h: number,
  method: Method,
  first: Float64Array,
  y: Float64Array,
): Float64Array {
  const best = first.slice();
  const doubt = new Float64Array(first.length).fill(Number.POSITIVE_INFINITY);
  let step = h * formulas[method].longest;
  let last = derivative(line, step, 'five-point');
  for (let round = 0; round < QUARTERINGS; round++) {
    step /= 4;
    const next = derivative(line, step, 'five-point');
    for (let j = 0; j < next.length; j++) {
      const moved = Math.abs(next[j]! - last[j]!) + roundingOf(y[j]!, step);
      if (moved < doubt[j]!) {
        doubt[j] = moved;
        best[j] = next[j]!;
      }
    }
    last = next;
  }
  return best;
}
