/** Statistics of samples and points. */

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Standard deviation of a sample, with n − 1 in the denominator. 0 for one value. */
export function deviation(values: readonly number[]): number {
  if (values.length < 2) return 0;
  const center = mean(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - center) ** 2, 0) / (values.length - 1));
}

/** The middle value, or the mean of the middle two. NaN for none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = Math.floor(sorted.length / 2);
  if (sorted.length % 2 === 1) return sorted[half]!;
  return sorted.length === 0 ? Number.NaN : (sorted[half - 1]! + sorted[half]!) / 2;
}

/** A straight line through points, by least squares. */
export interface Fit {
  readonly slope: number;
  readonly intercept: number;
  /** Share of y's variance that the line explains. 1 if y is constant. */
  readonly r2: number;
  /** Root mean square of the residuals. */
  readonly rms: number;
}

/** @returns NaN for fewer than two points */
export function linearFit(points: readonly (readonly [x: number, y: number])[]): Fit {
  const [mx, my] = [mean(points.map(([x]) => x)), mean(points.map(([, y]) => y))];
  const sum = (term: (x: number, y: number) => number): number =>
    points.reduce((total, [x, y]) => total + term(x - mx, y - my), 0);
  const [xx, xy, yy] = [sum((x) => x * x), sum((x, y) => x * y), sum((_, y) => y * y)];
  const slope = xy / xx;
  const rms = Math.sqrt(sum((x, y) => (y - slope * x) ** 2) / points.length);
  return { slope, intercept: my - slope * mx, r2: yy === 0 ? 1 : (xy * xy) / (xx * yy), rms };
}

/** y ≈ a·rateˣ: a line through log y. Points with y ≤ 0 are ignored. */
export interface Decay {
  /** Factor from one x to the next. */
  readonly rate: number;
  /** Of the line through log y. */
  readonly r2: number;
}

export function exponentialFit(points: readonly (readonly [x: number, y: number])[]): Decay {
  const { slope, r2 } = linearFit(logarithmic(points));
  return { rate: Math.exp(slope), r2 };
}

/** Points with log y instead of y. Those with y ≤ 0 are dropped. */
export function logarithmic(points: readonly (readonly [x: number, y: number])[]): [number, number][] {
  return points.filter(([, y]) => y > 0).map(([x, y]) => [x, Math.log(y)]);
}

/** Pearson correlation. 0 if one of the two is constant. */
export function correlation(xs: ArrayLike<number>, ys: ArrayLike<number>): number {
  const [a, b] = [Array.from(xs), Array.from(ys)];
  const [ma, mb] = [mean(a), mean(b)];
  let [ab, aa, bb] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    const [da, db] = [a[i]! - ma, b[i]! - mb];
    ab += da * db;
    aa += da * da;
    bb += db * db;
  }
  return aa === 0 || bb === 0 ? 0 : ab / Math.sqrt(aa * bb);
}
