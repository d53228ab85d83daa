import { DtypeError, describeValue, showValue, ValueError } from './errors.ts';

/** The element types. Floats carry gradients; int32 holds indices and counts. */
export type Dtype = 'float32' | 'float64' | 'int32';

/** The element types that carry gradients. */
export type FloatDtype = 'float32' | 'float64';

/** JavaScript arrays of elements, one type for each dtype. */
export type TypedArray = Float32Array | Float64Array | Int32Array;

/** Bytes per element. @throws DtypeError for an unknown dtype. */
export function elementBytes(dtype: Dtype): number {
  if (dtype === 'float32' || dtype === 'int32') return 4;
  if (dtype !== 'float64') checkDtype('elementBytes', dtype);
  return 8;
}

const DTYPES: readonly unknown[] = ['float32', 'float64', 'int32'];

/** @throws DtypeError for an unknown dtype, such as 'float16' of another library. */
export function checkDtype(op: string, dtype: Dtype): Dtype {
  if (DTYPES.includes(dtype)) return dtype;
  throw new DtypeError(`${op}: expected dtype 'float32', 'float64' or 'int32', got ${describeValue(dtype)}`);
}

/**
 * @throws ValueError unless `value` is a whole number of 32 bits.
 * @param name the argument's, for the message.
 */
export function requireInt32(op: string, value: number, name = 'int32'): number {
  if (typeof value === 'number' && (value | 0) === value) return value;
  const got = showValue(value);
  throw new ValueError(`${op}: expected a whole number of 32 bits for ${name}, got ${got}`);
}

/** Rounds a number to a float dtype. */
export function rounding(dtype: FloatDtype): (value: number) => number {
  return dtype === 'float32' ? Math.fround : (value) => value;
}

/** The largest number of a float dtype below `value`, which is finite in that dtype. */
export function below(dtype: FloatDtype, value: number): number {
  const round = rounding(dtype);
  let found = round(value);
  // The smallest gap that rounding does not close reaches the neighbor.
  for (let gap = Math.max(Math.abs(value) * 2 ** -54, Number.MIN_VALUE); found >= value; gap *= 2) {
    found = round(value - gap);
  }
  return found;
}

/** A new array of zeros. */
export function typedArray(dtype: Dtype, length: number): TypedArray {
  if (dtype === 'float32') return new Float32Array(length);
  return dtype === 'float64' ? new Float64Array(length) : new Int32Array(length);
}

/** The dtype of a typed array's elements. */
export function dtypeOf(array: TypedArray): Dtype {
  if (array instanceof Float32Array) return 'float32';
  return array instanceof Float64Array ? 'float64' : 'int32';
}

/** Whether a dtype carries gradients. */
export function isFloat(dtype: Dtype): dtype is FloatDtype {
  return dtype !== 'int32';
}

/** What to do with indices where numbers are expected. */
export const OF_INDICES = 'indices need oneHot(x, classes) or an Embedding';

/** Not in the default below, which would join two strings in every call. */
const HINT = `; ${OF_INDICES}`;

/** @throws DtypeError for int32. @param hint a second cure. Default: the one for indices. */
export function requireFloat(op: string, dtype: Dtype, hint: string = HINT): FloatDtype {
  if (!isFloat(dtype))
    throw new DtypeError(
      `${op}: expected float32 or float64, got int32; cast first: x.cast('float32')${hint}`,
    );
  return dtype;
}
