/** Curves of training runs, reduced to some points. */
import { mean, median } from '../../common/statistics.ts';

/** Means over equal stretches of a run: `values[i]` over steps `at[i − 1]` to `at[i]`. */
export interface Curve {
  readonly at: readonly number[];
  readonly values: readonly number[];
}

/**
 * Means over `points` stretches of a run, equal up to one step. Fewer if there are fewer steps.
 * @param length planned steps of the run. Stretches depend on it alone, so that those of a run that
 *   ended early match the others; its last may be shorter.
 */
export function curveOf(values: readonly number[], points: number, length: number = values.length): Curve {
  const count = Math.min(points, length);
  const planned = Array.from({ length: count }, (_, i) => Math.round(((i + 1) * length) / count));
  const done = planned.filter((end) => end <= values.length);
  const ends = (done.at(-1) ?? 0) < values.length ? [...done, values.length] : done;
  return { at: ends, values: ends.map((end, i) => mean(values.slice(ends[i - 1] ?? 0, end))) };
}

/** Mean of the last tenth of a run. NaN for none. */
export function finalMean(values: readonly number[]): number {
  return mean(values.slice(Math.floor(values.length * 0.9)));
}

/** Median and range of several curves. */
export interface Spread {
  readonly middle: [x: number, y: number][];
  readonly band: [x: number, low: number, high: number][];
}

/** Median and range at each place that all curves have. @param scale units of x per step */
export function spreadOf(curves: readonly Curve[], scale = 1): Spread {
  const byPlace = curves.map(({ at, values }) => new Map(at.map((place, i) => [place, values[i]!])));
  const columns = (curves[0]?.at ?? []).flatMap((place) => {
    const ys = byPlace.flatMap((curve) => curve.get(place) ?? []);
    return ys.length === curves.length ? [{ x: place * scale, ys }] : [];
  });
  return {
    middle: columns.map(({ x, ys }) => [x, median(ys)]),
    band: columns.map(({ x, ys }) => [x, Math.min(...ys), Math.max(...ys)]),
  };
}

/** A curve as points. @param scale units of x per step */
export function pointsOf({ at, values }: Curve, scale = 1): [x: number, y: number][] {
  return at.map((place, i) => [place * scale, values[i]!]);
}

/** Exponential moving average without initial bias: Σ keepᵗ⁻ⁱ·vᵢ / Σ keepᵗ⁻ⁱ. */
export function smoothed(values: readonly number[], keep: number): number[] {
  let [sum, weight] = [0, 0];
  return values.map((value) => {
    sum = keep * sum + value;
    weight = keep * weight + 1;
    return sum / weight;
  });
}

/** Steps until the mean of the last `window` values is below a level. Null if it never is. */
export function firstBelow(values: readonly number[], level: number, window: number): number | null {
  for (let end = window; end <= values.length; end++) {
    if (mean(values.slice(end - window, end)) < level) return end;
  }
  return null;
}
