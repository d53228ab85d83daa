/** Statistics of repeated measurements. */

/** The middle value, or the mean of the two middle values. NaN for an empty list. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  if (sorted.length % 2 === 1) return sorted[Math.floor(middle)]!;
  return (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** The largest distance from the median, as a share of it. */
export function spreadOf(values: readonly number[]): number {
  const middle = median(values);
  return Math.max(...values.map((value) => Math.abs(value - middle))) / Math.abs(middle);
}

/**
 * How many times as good `ours` is as `theirs`: the median of the ratios per round, so that a slow
 * round affects both. Above 1 ours is better.
 */
export function ratioOf(
  ours: readonly number[],
  theirs: readonly number[],
  better: 'higher' | 'lower',
): number {
  const rounds = Math.min(ours.length, theirs.length);
  const ratios = Array.from({ length: rounds }, (_, i) => ours[i]! / theirs[i]!);
  return median(better === 'higher' ? ratios : ratios.map((ratio) => 1 / ratio));
}

/** The tolerance, as a share of the largest number. */
export const TOLERANCE = { float32: 1e-3, float64: 1e-9 } as const;

/**
 * Compares numbers with the expected ones.
 * @returns a sentence with the worst pair, or null if they agree
 */
export function disagreement(
  got: readonly number[],
  expected: readonly number[],
  tolerance: number,
): string | null {
  if (got.length !== expected.length) return `expected ${expected.length} numbers, got ${got.length}`;
  const scale = Math.max(...expected.map(Math.abs));
  // A NaN counts as the worst error.
  const errors = got.map((value, i) => {
    const error = Math.abs(value - expected[i]!) / scale;
    return Number.isNaN(error) ? Number.POSITIVE_INFINITY : error;
  });
  const worst = errors.indexOf(Math.max(...errors));
  if (errors[worst]! <= tolerance) return null;
  return `number ${worst}: expected ${expected[worst]}, got ${got[worst]}: off by ${errors[worst]!.toExponential(1)}, the tolerance is ${tolerance}`;
}
