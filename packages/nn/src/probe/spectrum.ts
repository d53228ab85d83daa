/** Eigenvalues, the spectral radius and the largest singular value of a matrix. */
import { isFloat, ShapeError, scope, Tensor, tensor } from '@chronograd/tensor';
import { describeValue, largestMagnitude, showShape, withoutRecording } from '@chronograd/tensor/engine';
import { type Eigenvalues, eigenvaluesOf } from './eigenvalues.ts';

/** A parameter or another float tensor [rows, columns]; or the elements of a square matrix, row by row. */
export type Matrix = Tensor | Float64Array;

/**
 * All eigenvalues of a square matrix, in float64: those of a matrix that differs from it by rounding (backward stable; how far eigenvalues move
 * with a matrix is its own matter).
 * @returns real and imaginary parts, in no special order; NaN throughout where the matrix holds NaN or infinity.
 * @throws ShapeError for what is no square matrix of floats.
 */
export function eigenvalues(matrix: Matrix): Eigenvalues {
  return spectrum('eigenvalues', matrix);
}

/**
 * The largest magnitude of any eigenvalue: how fast powers of the matrix grow, or die down, in the end. For accuracy see `eigenvalues`.
 * @returns NaN where the matrix holds NaN or infinity. @throws ShapeError for what is no square matrix of floats.
 * @example spectralRadius(recurrent.cell.weightHh);
 */
export function spectralRadius(matrix: Matrix): number {
  const { real, imaginary } = spectrum('spectralRadius', matrix);
  return real.reduce((most, re, i) => Math.max(most, Math.hypot(re, imaginary[i]!)), 0);
}

/**
 * The largest factor by which the matrix stretches a vector, σ_max = ‖A‖₂. In float64, to a relative error of about 1e-14.
 * @param matrix need not be square.
 * @returns NaN where the matrix holds NaN or infinity. @throws ShapeError for what is no matrix of floats.
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
      `${op}: ${matrix.dtype} ${showShape(matrix.shape)} came, a matrix of floats was expected`,
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

const notSquare = (op: string, came: string): ShapeError =>
  new ShapeError(`${op}: ${came} came, a square matrix was expected`);

/** Power 2⁴⁸: what is left of a matrix's size is below rounding then. */
const SQUARINGS = 48;

/**
 * log₂ ‖A‖₂ of a symmetric matrix, as lim log₂ ‖Aᵏ‖ / k: squared again and again, which products on kernels do fast and which loses nothing where no
 * squares cancel. Scaling by powers of two is exact; they add up to the digits of the result.
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

/** e with 2ᵉ ≤ the largest element < 2ᵉ⁺¹, as far as 2⁻ᵉ is a number; −∞ for zeros, NaN where there is no largest. */
function exponentOf(x: Tensor): number {
  const largest = x.size === 0 ? 0 : largestMagnitude(x);
  if (largest === 0) return Number.NEGATIVE_INFINITY;
  return Number.isFinite(largest) ? Math.max(-1000, Math.floor(Math.log2(largest))) : Number.NaN;
}

/** c where B² = c·B up to rounding, c > 0: then c is the only eigenvalue beside 0, and further squaring tells nothing. Null elsewhere. */
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
