/**
 * Elements of array files and the three typed arrays that hold them in memory. Dtypes that
 * Chronograd does not have are converted: half floats to float32, integers and booleans to int32. A
 * value that does not fit is an error; nothing wraps around.
 */
import type { TypedArray } from '@chronograd/tensor';
import { listedShape } from './bounded.ts';
import { fromBF16, fromF16, toBF16, toF16 } from './half.ts';

/** Values with a shape, row-major. */
export interface PlainArray {
  /** Sizes of the axes; `[]` is a single number. */
  readonly shape: readonly number[];
  /** As many elements as the shape has. */
  readonly data: TypedArray;
}

/** Dtype of elements in a file, by the names of safetensors. */
export type StoredDtype =
  | ('F64' | 'F32' | 'F16' | 'BF16')
  | ('I64' | 'I32' | 'I16' | 'I8' | 'U64' | 'U32' | 'U16' | 'U8' | 'BOOL');

/** The typed array that holds the bits of each dtype. */
const BITS = {
  F64: Float64Array,
  F32: Float32Array,
  F16: Uint16Array,
  BF16: Uint16Array,
  I64: BigInt64Array,
  I32: Int32Array,
  I16: Int16Array,
  I8: Int8Array,
  U64: BigUint64Array,
  U32: Uint32Array,
  U16: Uint16Array,
  U8: Uint8Array,
  BOOL: Uint8Array,
} as const satisfies Record<StoredDtype, unknown>;

/** The limit of axes in NumPy and PyTorch. A longer shape in a file is an attack on its reader. */
export const MOST_AXES = 64;

/** Makes the error of a reader or writer. @param what "holds 3000000000 at element 5, …" */
export type MakeError = (what: string) => Error;

/** All dtypes that can be read and written. */
export const STORED_DTYPES = Object.keys(BITS) as readonly StoredDtype[];

/** Bytes of one element. */
export const bytesPerElement = (stored: StoredDtype): number => BITS[stored].BYTES_PER_ELEMENT;

export function isStoredDtype(name: string): name is StoredDtype {
  return Object.hasOwn(BITS, name);
}

/** The dtype in memory of elements stored as `stored`. */
export function memoryDtype(stored: StoredDtype): 'F64' | 'F32' | 'I32' {
  if (stored === 'F64') return 'F64';
  return stored === 'F32' || stored === 'F16' || stored === 'BF16' ? 'F32' : 'I32';
}

/**
 * Decodes little-endian bytes. F64, F32 and I32 give a view of aligned bytes, and a copy otherwise.
 * @throws the error for an integer outside int32, and for a boolean other than 0 and 1
 */
export function decodeElements(stored: StoredDtype, bytes: Uint8Array, error: MakeError): TypedArray {
  const size = bytesPerElement(stored);
  const count = bytes.length / size;
  // No slice(): that of Node's Buffer is a view.
  const { buffer, byteOffset } = bytes.byteOffset % size === 0 ? bytes : new Uint8Array(bytes);
  const bits = new BITS[stored](buffer as ArrayBuffer, byteOffset, count);
  if (bits instanceof Float64Array || bits instanceof Float32Array || bits instanceof Int32Array) return bits;
  if (stored === 'F16' || stored === 'BF16')
    return mapped(new Float32Array(count), bits as Uint16Array, HALF[stored].decode);
  const [least, most] = rangeOf(stored === 'BOOL' ? 'BOOL' : 'I32');
  const data = new Int32Array(count);
  bits.forEach((value: number | bigint, i: number) => {
    if (value < least || value > most) {
      const cure =
        stored === 'BOOL' ? 'expected 0 or 1' : 'which int32 cannot hold; convert it where it was made';
      throw error(`holds ${value} at element ${i} of ${stored}, ${cure}`);
    }
    data[i] = Number(value);
  });
  return data;
}

/** Fills `target`. `TypedArray.from` with a function would build a list of 10 times the memory. */
function mapped<Element, Target extends { [index: number]: Element }>(
  target: Target,
  source: ArrayLike<number>,
  convert: (value: number) => Element,
): Target {
  for (let i = 0; i < source.length; i++) target[i] = convert(source[i] as number);
  return target;
}

/** Least and largest value of an integer dtype. Comparisons with unsafe integers are exact too. */
function rangeOf(stored: StoredDtype): readonly [least: number, most: number] {
  const bits = 8 * bytesPerElement(stored);
  if (stored === 'BOOL') return [0, 1];
  return stored.startsWith('U') ? [0, 2 ** bits - 1] : [-(2 ** (bits - 1)), 2 ** (bits - 1) - 1];
}

/** Half floats. `beyond`, half a step above `most`, is the least that becomes infinite. */
const HALF = {
  F16: { decode: fromF16, encode: toF16, most: '65504', beyond: 65520, cure: 'BF16 or F32' },
  BF16: {
    decode: fromBF16,
    encode: toBF16,
    most: '3.3895e38',
    beyond: (2 - 2 ** -8) * 2 ** 127,
    cure: 'F32',
  },
} as const;

/**
 * Encodes elements as little-endian bytes. Floats are rounded to nearest, ties to even.
 * @throws the error for data of another kind than `stored` needs, for an integer that does not fit,
 * and for a finite float beyond F16 or BF16
 */
export function encodeElements(stored: StoredDtype, data: TypedArray, error: MakeError): Uint8Array {
  const expected = BITS[memoryDtype(stored)];
  if (!(data instanceof expected))
    throw error(`has dtype ${stored}, expected its data in a ${expected.name}`);
  if (stored === 'F64' || stored === 'F32' || stored === 'I32') return bytesOf(data);
  if (stored === 'F16' || stored === 'BF16') {
    const { encode, most, beyond, cure } = HALF[stored];
    data.forEach((value, i) => {
      if (Number.isFinite(value) && Math.abs(value) >= beyond)
        throw error(`holds ${value} at element ${i}, beyond ${stored}'s ${most}; store it as ${cure}`);
    });
    return bytesOf(mapped(new Uint16Array(data.length), data, encode));
  }
  const [least, most] = rangeOf(stored);
  data.forEach((value, i) => {
    if (value < least || value > most)
      throw error(`holds ${value} at element ${i}, beyond the range of ${stored}, ${least} to ${most}`);
  });
  if (stored === 'I64' || stored === 'U64')
    return bytesOf(mapped(new BITS[stored](data.length), data, BigInt));
  return bytesOf(mapped(new BITS[stored](data.length), data, Number));
}

function bytesOf(array: ArrayBufferView): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}

/** Encodes an array. @throws the error as `encodeElements`, and for a shape that does not fit */
export function encodeArray(stored: StoredDtype, array: PlainArray, error: MakeError): Uint8Array {
  requireAxes(array.shape, error);
  const bytes = encodeElements(stored, array.data, error);
  if (fits(array)) return bytes;
  throw error(`has shape ${listedShape(array.shape)} and ${array.data.length} elements`);
}

/** @throws the error for a shape of more than 64 axes */
export function requireAxes(shape: readonly unknown[], error: MakeError): void {
  if (shape.length > MOST_AXES)
    throw error(`has a shape of ${shape.length} sizes, expected at most ${MOST_AXES}`);
}

/** The product of the sizes; null if it is no safe integer. Any zero makes it 0. */
function elementCount(shape: readonly number[]): number | null {
  if (shape.includes(0)) return 0;
  let count = 1;
  for (const size of shape) {
    count *= size;
    if (count > Number.MAX_SAFE_INTEGER) return null;
  }
  return count;
}

/** Bytes of an array in a file; null if its elements cannot be counted. */
export function byteCount(stored: StoredDtype, shape: readonly number[]): number | null {
  const count = elementCount(shape);
  return count === null ? null : count * bytesPerElement(stored);
}

/** Whether the sizes are valid and the data has as many elements. */
export function fits({ shape, data }: PlainArray): boolean {
  return (
    shape.every((size) => Number.isSafeInteger(size) && size >= 0) && elementCount(shape) === data.length
  );
}
