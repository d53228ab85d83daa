/** What many measurements say. */

/** The middle value; of an even number, the mean of the two in the middle. NaN of none. */
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
 * How many times as good `ours` is as `theirs`: the median of the ratios round by round, so that what slows the machine for a round slows
 * both. Above 1 ours is better.
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

/** What numbers may differ by, as a share of the largest of them. */
export const TOLERANCE = { float32: 1e-3, float64: 1e-9 } as const;

/**
 * How numbers disagree with what was expected: null where they agree.
 * @returns a sentence with the worst pair.
 */
export function disagreement(
  came: readonly number[],
  expected: readonly number[],
  tolerance: number,
): string | null {
  if (came.length !== expected.length) return `${came.length} numbers came, ${expected.length} were expected`;
  const scale = Math.max(...expected.map(Math.abs));
  // A NaN counts as the worst of all.
  const errors = came.map((value, i) => {
    const error = Math.abs(value - expected[i]!) / scale;
    return Number.isNaN(error) ? Number.POSITIVE_INFINITY : error;
  });
  const worst = errors.indexOf(Math.max(...errors));
  if (errors[worst]! <= tolerance) return null;
  return `number ${worst} is ${came[worst]}, ${expected[worst]} was expected: off by ${errors[worst]!.toExponential(1)}, ${tolerance} is allowed`;
}
