/** Principal components of hidden states. */
import { mean } from '../../common/statistics.ts';

/** The first two principal components. */
export interface Principal {
  /** Shares of the total variance. */
  readonly shares: readonly [number, number];
  /** Coordinates of the first states of the text. */
  readonly points: readonly (readonly [number, number])[];
}

/** Enough unless the two variances are nearly equal; then the angle is off by a few percent. */
const ITERATIONS = 300;

/** Power iteration on the covariance matrix, with deflation. @param units [H][T] */
export function principalComponents(units: readonly Float64Array[], points: number): Principal {
  const centered = units.map((unit) => {
    const center = mean([...unit]);
    return unit.map((value) => value - center);
  });
  const covariance = centered.map((a) => centered.map((b) => dot(a, b) / a.length));
  const total = covariance.reduce((sum, row, i) => sum + row[i]!, 0);
  const [first, firstVariance] = leading(covariance);
  const rest = covariance.map((row, i) =>
    row.map((value, j) => value - firstVariance * first[i]! * first[j]!),
  );
  const [second, secondVariance] = leading(rest);
  const along = (direction: readonly number[], t: number): number =>
    centered.reduce((sum, unit, u) => sum + unit[t]! * direction[u]!, 0);
  const count = Math.min(points, units[0]!.length);
  return {
    shares: [firstVariance / total, secondVariance / total],
    points: Array.from({ length: count }, (_, t) => [along(first, t), along(second, t)]),
  };
}

/** Eigenvector of the largest eigenvalue. Its largest element is positive. */
function leading(matrix: readonly (readonly number[])[]): [direction: number[], variance: number] {
  let direction = matrix.map((_, i) => 1 + i / matrix.length);
  let variance = 0;
  for (let i = 0; i < ITERATIONS; i++) {
    const next = matrix.map((row) => dot(row, direction));
    variance = Math.sqrt(dot(next, next));
    if (variance === 0) break;
    direction = next.map((value) => value / variance);
  }
  const largest = direction.reduce((a, b) => (Math.abs(b) > Math.abs(a) ? b : a));
  return [direction.map((value) => (largest < 0 ? -value : value)), variance];
}

function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
