import { DtypeError } from './errors.ts';

/** The element types. Floats carry gradients; int32 holds indices and counts. */
export type Dtype = 'float32' | 'float64' | 'int32';

/** The element types that carry gradients. */
export type FloatDtype = 'float32' | 'float64';

/** What holds elements on the JavaScript side. */
export type TypedArray = Float32Array | Float64Array | Int32Array;

/** Bytes per element. */
export function elementBytes(dtype: Dtype): number {
  return dtype === 'float64' ? 8 : 4;
}

/** A fresh array of zeros. */
export function typedArray(dtype: Dtype, length: number): TypedArray {
  if (dtype === 'float32') return new Float32Array(length);
  return dtype === 'float64' ? new Float64Array(length) : new Int32Array(length);
}

/** The dtype a typed array stands for. */
export function dtypeOf(array: TypedArray): Dtype {
  if (array instanceof Float32Array) return 'float32';
  return array instanceof Float64Array ? 'float64' : 'int32';
}

/** Whether gradients can flow through this dtype. */
export function isFloat(dtype: Dtype): dtype is FloatDtype {
  return dtype !== 'int32';
}

/** Throws where an op that needs a float got an int32. */
export function requireFloat(op: string, dtype: Dtype): FloatDtype {
  if (!isFloat(dtype))
    throw new DtypeError(`${op}: int32 came, a float was expected; cast first: x.cast('float32')`);
  return dtype;
}
