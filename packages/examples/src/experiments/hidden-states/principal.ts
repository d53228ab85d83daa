/** Principal components of hidden states. */
import { mean } from '../../common/statistics.ts';

/** The two directions in which states differ most. */
export interface Principal {
  /** Shares of the whole variance. */
  readonly shares: readonly [number, number];
  /** Coordinates of the first states. */
  readonly points: readonly (readonly [number, number])[];
}

/** Enough for two directions whose variances are not all but equal; a few percent of the angle otherwise. */
const ITERATIONS = 300;

/** By power iteration on the covariance matrix, the second after the first has been taken out. @param units [H][T] */
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

/** The eigenvector of the largest eigenvalue, its largest element positive. */
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
