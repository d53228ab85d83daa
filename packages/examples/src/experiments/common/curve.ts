/** Curves of training runs, made short enough to keep and to draw. */
import { mean, median } from '../../common/statistics.ts';

/** Means over equal stretches of a run: at `at[i]` steps, of those since `at[i − 1]`. */
export interface Curve {
  readonly at: readonly number[];
  readonly values: readonly number[];
}

/**
 * Means over `points` equal stretches (give or take one step) of a run, in order; fewer where there are fewer steps.
 * @param length how many steps the run was to have: stretches are cut by that, so that those of a run that ended early are those of one that did not,
 *   but for its last, which may be shorter
 */
export function curveOf(values: readonly number[], points: number, length: number = values.length): Curve {
  const count = Math.min(points, length);
  const planned = Array.from({ length: count }, (_, i) => Math.round(((i + 1) * length) / count));
  const done = planned.filter((end) => end <= values.length);
  const ends = (done.at(-1) ?? 0) < values.length ? [...done, values.length] : done;
  return { at: ends, values: ends.map((end, i) => mean(values.slice(ends[i - 1] ?? 0, end))) };
}

/** The mean of the last tenth of a run. NaN of none. */
export function finalMean(values: readonly number[]): number {
  return mean(values.slice(Math.floor(values.length * 0.9)));
}

/** Curves of several seeds as one. */
export interface Spread {
  readonly middle: [x: number, y: number][];
  readonly band: [x: number, low: number, high: number][];
}

/** The median, and the least and the greatest, at each place that all curves have. @param scale of x: units for each step */
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

/** A curve as points to draw. @param scale of x: units for each step */
export function pointsOf({ at, values }: Curve, scale = 1): [x: number, y: number][] {
  return at.map((place, i) => [place * scale, values[i]!]);
}

/** Means that forget the past by `keep` at each step, and owe nothing to what they began with: Σ keepᵗ⁻ⁱ·vᵢ / Σ keepᵗ⁻ⁱ. */
export function smoothed(values: readonly number[], keep: number): number[] {
  let [sum, weight] = [0, 0];
  return values.map((value) => {
    sum = keep * sum + value;
    weight = keep * weight + 1;
    return sum / weight;
  });
}

/** How many steps are done when the mean of `window` in a row is first below a level; null where it never is. */
export function firstBelow(values: readonly number[], level: number, window: number): number | null {
  for (let end = window; end <= values.length; end++) {
    if (mean(values.slice(end - window, end)) < level) return end;
  }
  return null;
}
