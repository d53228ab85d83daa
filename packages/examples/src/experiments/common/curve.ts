/** Curves of training runs, made short enough to keep and to draw. */
import { mean, median } from './statistics.ts';

/** Means over equal stretches of a run: at `at[i]` steps, of those since `at[i − 1]`. */
export interface Curve {
  readonly at: readonly number[];
  readonly values: readonly number[];
}

/** At most `points` means of equally many values (give or take one), in order. */
export function curveOf(values: readonly number[], points: number): Curve {
  const count = Math.min(points, values.length);
  const ends = Array.from({ length: count }, (_, i) => Math.round(((i + 1) * values.length) / count));
  return { at: ends, values: ends.map((end, i) => mean(values.slice(ends[i - 1] ?? 0, end))) };
}

/** The mean of the last tenth of a run. NaN of none. */
export function finalMean(values: readonly number[]): number {
  return mean(values.slice(Math.floor(values.length * 0.9)));
}

/** Curves of several seeds as one, point by point, as far as all of them go. */
export interface Spread {
  readonly middle: [x: number, y: number][];
  readonly band: [x: number, low: number, high: number][];
}

/** The median, and the least and the greatest, at each place. @param scale of x: units for each step */
export function spreadOf(curves: readonly Curve[], scale = 1): Spread {
  const shortest = curves.reduce((a, b) => (b.at.length < a.at.length ? b : a));
  const columns = shortest.at.map((at, i) => ({
    x: at * scale,
    ys: curves.map((curve) => curve.values[i]!),
  }));
  return {
    middle: columns.map(({ x, ys }) => [x, median(ys)]),
    band: columns.map(({ x, ys }) => [x, Math.min(...ys), Math.max(...ys)]),
  };
}
