/** Eigenvalues, the spectral radius and the largest singular value of a matrix. */
import { isFloat, ShapeError, scope, Tensor, tensor } from '@chronograd/tensor';
import { describeValue, largestMagnitude, showShape, withoutRecording } from '@chronograd/tensor/engine';
import { type Eigenvalues, eigenvaluesOf } from './eigenvalues.ts';

/** A float tensor [rows, columns], or the elements of a square matrix in row-major order. */
export type Matrix = Tensor | Float64Array;

/**
 * All eigenvalues of a square matrix, in float64. Backward stable: they are those of a matrix that
 * differs by rounding, and as accurate as they are well-conditioned.
 * @returns real and imaginary parts, unordered. All are NaN if the matrix holds NaN or infinity.
 * @throws ShapeError unless it is a square matrix of floats.
 */
export function eigenvalues(matrix: Matrix): Eigenvalues {
  return spectrum('eigenvalues', matrix);
}

/**
 * The largest magnitude of any eigenvalue: the asymptotic growth rate of powers of the matrix.
 * Accurate as `eigenvalues`.
 * @returns NaN if the matrix holds NaN or infinity.
 * @throws ShapeError unless it is a square matrix of floats.
 * @example spectralRadius(recurrent.cell.weightHh);
 */
export function spectralRadius(matrix: Matrix): number {
  const { real, imaginary } = spectrum('spectralRadius', matrix);
  return real.reduce((most, re, i) => Math.max(most, Math.hypot(re, imaginary[i]!)), 0);
}

/**
 * The largest singular value, σ_max = ‖A‖₂. In float64, to a relative error of about 1e-14.
 * @param matrix need not be square.
 * @returns NaN if the matrix holds NaN or infinity.
 * @throws ShapeError unless it is a matrix of floats.
 */
export function largestSingularValue(matrix: Matrix): number {
  return inFloat64('largestSingularValue', matrix, (a) => {
    const exponent = exponentOf(a);
    if (!Number.isFinite(exponent)) return 2 ** exponent;
    const b = a.mul(2 ** -exponent);
    const [rows, columns] = a.shape as [number, number];
    const gram = rows <= columns ? b.matmul(b.transpose()) : b.transpose().matmul(b);
    return 2 ** exponent * 2 ** (log2OfNorm(gram) / 2);
  });
}

function spectrum(op: string, matrix: Matrix): Eigenvalues {
  return inFloat64(op, matrix, (a) => {
    const n = a.shape[0]!;
    if (n !== a.shape[1]) throw notSquare(op, showShape(a.shape));
    const exponent = exponentOf(a);
    if (!Number.isFinite(exponent)) {
      const all = new Float64Array(n).fill(2 ** exponent);
      return { real: all, imaginary: all };
    }
    const { real, imaginary } = eigenvaluesOf(a.mul(2 ** -exponent).toTypedArray() as Float64Array, n);
    const scale = 2 ** exponent;
    return { real: real.map((x) => x * scale), imaginary: imaginary.map((x) => x * scale) };
  });
}

function inFloat64<R>(op: string, matrix: Matrix, measure: (a: Tensor) => R): R {
  return withoutRecording(() => scope(() => measure(matrixOf(op, matrix))));
}

function matrixOf(op: string, matrix: Matrix): Tensor {
  if (matrix instanceof Tensor) {
    if (matrix.rank === 2 && isFloat(matrix.dtype)) return matrix.cast('float64');
    throw new ShapeError(
      `${op}: expected a matrix of floats, got ${matrix.dtype} ${showShape(matrix.shape)}`,
    );
  }
  if (!(matrix instanceof Float64Array)) {
    throw new ShapeError(
      `${op}: expected a tensor [rows, columns] or a Float64Array, got ${describeValue(matrix)}`,
    );
  }
  const n = Math.sqrt(matrix.length);
  if (!Number.isInteger(n)) throw notSquare(op, `${matrix.length} elements`);
  return tensor(matrix, { shape: [n, n], dtype: 'float64' });
}

const notSquare = (op: string, got: string): ShapeError =>
  new ShapeError(`${op}: expected a square matrix, got ${got}`);

/** At power 2⁴⁸, what remains of the size of the matrix is below rounding. */
const SQUARINGS = 48;

/**
 * log₂ ‖A‖₂ of a symmetric matrix, as lim log₂ ‖Aᵏ‖ / k by repeated squaring. Products run on fast
 * kernels, and squares do not cancel. Scaling by powers of two is exact.
 */
function log2OfNorm(symmetric: Tensor): number {
  let power = symmetric;
  let log = 0;
  for (let k = 0; k <= SQUARINGS; k++) {
    const exponent = exponentOf(power);
    log += exponent / 2 ** k;
    const scaled = power.mul(2 ** -exponent);
    power = scaled.matmul(scaled);
    const factor = ratio(power, scaled);
    if (factor !== null) return log + Math.log2(factor) / 2 ** k;
  }
  return log;
}

/**
 * e with 2ᵉ ≤ the largest element < 2ᵉ⁺¹, at least −1000 so that 2⁻ᵉ is finite. −∞ for zeros, NaN
 * if an element is not finite.
 */
function exponentOf(x: Tensor): number {
  const largest = x.size === 0 ? 0 : largestMagnitude(x);
  if (largest === 0) return Number.NEGATIVE_INFINITY;
  return Number.isFinite(largest) ? Math.max(-1000, Math.floor(Math.log2(largest))) : Number.NaN;
}

/** c > 0 if B² = c·B up to rounding, or null. Then c is the only nonzero eigenvalue. */
function ratio(squared: Tensor, b: Tensor): number | null {
  const [s, v] = [squared.toTypedArray(), b.toTypedArray()];
  let at = 0;
  for (let i = 1; i < v.length; i++) if (Math.abs(v[i]!) > Math.abs(v[at]!)) at = i;
  const c = s[at]! / v[at]!;
  if (!(c > 0)) return null;
  const most = 4e-15 * c * Math.abs(v[at]!);
  for (let i = 0; i < v.length; i++) if (!(Math.abs(s[i]! - c * v[i]!) <= most)) return null;
  return c;
}
