/**
 * Eigenvalues of a real matrix: Hessenberg form by reflections, then QR steps with Wilkinson's
 * shifts. Complex numbers throughout avoid separate cases for real and paired eigenvalues. Golub
 * and Van Loan, "Matrix computations", chapter 7. Plain float64 loops.
 */
import { ChronogradError } from '@chronograd/tensor';

/** Steps for one eigenvalue before failing. Two to four are usual. */
const MOST_STEPS = 100;

/** Eigenvalues with their multiplicity, unordered. */
export interface Eigenvalues {
  readonly real: Float64Array;
  readonly imaginary: Float64Array;
}

/** @param a [n, n] in row-major order, finite, of magnitudes near 1. It is overwritten. */
export function eigenvaluesOf(a: Float64Array, n: number): Eigenvalues {
  toHessenberg(a, n);
  const h = { n, re: a, im: new Float64Array(n * n) };
  let last = n - 1;
  for (let steps = 0; last > 0; steps++) {
    const first = blockStart(h, last);
    if (first === last) {
      last--;
      steps = -1;
    } else {
      if (steps > MOST_STEPS)
        throw new ChronogradError(`eigenvalues: no convergence after ${MOST_STEPS} QR steps`);
      // An exceptional shift now and then: some matrices are invariant under the others.
      const shift =
        steps % 10 === 9 ? ([size(h, last, last - 1) + size(h, last, last), 0] as const) : shiftOf(h, last);
      qrStep(h, first, last, shift);
    }
  }
  const diagonal = (part: Float64Array): Float64Array =>
    Float64Array.from({ length: n }, (_, i) => part[i * n + i]!);
  return { real: diagonal(h.re), imaginary: diagonal(h.im) };
}

interface Complex {
  readonly n: number;
  readonly re: Float64Array;
  readonly im: Float64Array;
}

const size = ({ n, re, im }: Complex, i: number, j: number): number =>
  Math.hypot(re[i * n + j]!, im[i * n + j]!);

/** Zeros below the first subdiagonal, by a reflection from both sides for each column. */
function toHessenberg(a: Float64Array, n: number): void {
  for (let k = 0; k < n - 2; k++) {
    const v = new Float64Array(n);
    let length = 0;
    for (let i = k + 1; i < n; i++) {
      v[i] = a[i * n + k]!;
      length = Math.hypot(length, v[i]!);
    }
    v[k + 1]! += v[k + 1]! < 0 ? -length : length;
    const square = v.reduce((sum, x) => sum + x * x, 0);
    if (square === 0) continue;
    for (let j = k; j < n; j++) {
      let dot = 0;
      for (let i = k + 1; i < n; i++) dot += v[i]! * a[i * n + j]!;
      for (let i = k + 1; i < n; i++) a[i * n + j]! -= ((2 * dot) / square) * v[i]!;
    }
    for (let i = 0; i < n; i++) {
      let dot = 0;
      for (let j = k + 1; j < n; j++) dot += a[i * n + j]! * v[j]!;
      for (let j = k + 1; j < n; j++) a[i * n + j]! -= ((2 * dot) / square) * v[j]!;
    }
    for (let i = k + 2; i < n; i++) a[i * n + k] = 0;
  }
}

/** The first row of the block that ends in `last`. A negligible subdiagonal entry is set to 0. */
function blockStart(h: Complex, last: number): number {
  for (let k = last; k > 0; k--) {
    const neighbors = size(h, k - 1, k - 1) + size(h, k, k);
    if (size(h, k, k - 1) <= Number.EPSILON * neighbors) {
      h.re[k * h.n + k - 1] = 0;
      h.im[k * h.n + k - 1] = 0;
      return k;
    }
  }
  return 0;
}

/** The eigenvalue of the last 2 × 2 entries of the block that is nearer to the last entry. */
function shiftOf({ n, re, im }: Complex, last: number): readonly [re: number, im: number] {
  const at = (i: number, j: number): [number, number] => [re[i * n + j]!, im[i * n + j]!];
  const [[ar, ai], [br, bi]] = [at(last - 1, last - 1), at(last - 1, last)];
  const [[cr, ci], [dr, di]] = [at(last, last - 1), at(last, last)];
  const [hr, hi] = [(ar - dr) / 2, (ai - di) / 2];
  // The root of ((a − d)/2)² + b·c, with the sign of (a − d)/2: d + bc / (…) is the nearer
  // eigenvalue without cancellation.
  const [pr, pi] = [br * cr - bi * ci, br * ci + bi * cr];
  const [zr, zi] = [hr * hr - hi * hi + pr, 2 * hr * hi + pi];
  const modulus = Math.hypot(zr, zi);
  let rootR = Math.sqrt((modulus + Math.abs(zr)) / 2);
  let rootI = rootR === 0 ? 0 : zi / (2 * rootR);
  if (zr < 0) [rootR, rootI] = [Math.abs(rootI), zi < 0 ? -rootR : rootR];
  const sign = rootR * hr + rootI * hi < 0 ? -1 : 1;
  const [sr, si] = [hr + sign * rootR, hi + sign * rootI];
  const square = sr * sr + si * si;
  if (square === 0) return [dr, di];
  return [dr - (pr * sr + pi * si) / square, di - (pi * sr - pr * si) / square];
}

/**
 * H − s = Q·R, then R·Q + s, in rows and columns `first … last`: rotations from the left, then
 * right.
 */
function qrStep(
  { n, re, im }: Complex,
  first: number,
  last: number,
  [sr, si]: readonly [number, number],
): void {
  const move = (sign: number): void => {
    for (let i = first; i <= last; i++) {
      re[i * n + i]! += sign * sr;
      im[i * n + i]! += sign * si;
    }
  };
  /** Two entries (x, y) to (c̄·x + s̄·y, c·y − s·x). */
  const turn = (p: number, q: number, cr: number, ci: number, tr: number, ti: number): void => {
    const xr = re[p]!;
    const xi = im[p]!;
    const yr = re[q]!;
    const yi = im[q]!;
    re[p] = cr * xr + ci * xi + tr * yr + ti * yi;
    im[p] = cr * xi - ci * xr + tr * yi - ti * yr;
    re[q] = cr * yr - ci * yi - tr * xr + ti * xi;
    im[q] = cr * yi + ci * yr - tr * xi - ti * xr;
  };
  move(-1);
  const rotations: [number, number, number, number][] = [];
  for (let k = first; k < last; k++) {
    const [p, q] = [k * n + k, (k + 1) * n + k];
    const length = Math.hypot(re[p]!, im[p]!, re[q]!, im[q]!);
    if (length === 0) rotations.push([1, 0, 0, 0]);
    else rotations.push([re[p]! / length, im[p]! / length, re[q]! / length, im[q]! / length]);
    const [cr, ci, tr, ti] = rotations.at(-1)!;
    for (let j = k; j <= last; j++) turn(k * n + j, (k + 1) * n + j, cr, ci, tr, ti);
  }
  for (let k = first; k < last; k++) {
    const [cr, ci, tr, ti] = rotations[k - first]!;
    // From the right: the adjoint, by the same formula with conjugates.
    for (let i = first; i <= Math.min(k + 2, last); i++) turn(i * n + k, i * n + k + 1, cr, -ci, tr, -ti);
  }
  move(1);
}
