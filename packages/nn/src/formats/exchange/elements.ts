/**
 * The elements of files made elsewhere, and the three typed arrays that stand for them here. Widths and kinds that Chronograd has not
 * are converted: half floats to float32, whole numbers and truth values to int32, and what does not fit there is refused, not wrapped.
 */
import type { TypedArray } from '@chronograd/tensor';
import { fromBF16, fromF16, toBF16, toF16 } from './half.ts';

/** Values with a shape, row-major: what a file holds, and what a state dict does. */
export interface PlainArray {
  readonly shape: readonly number[];
  /** As many elements as the shape says; a shape without sizes is one number. */
  readonly data: TypedArray;
}

/** Bytes of an element, by the names of safetensors. */
export const STORED_BYTES = {
  F64: 8,
  F32: 4,
  F16: 2,
  BF16: 2,
  I64: 8,
  I32: 4,
  I16: 2,
  I8: 1,
  U64: 8,
  U32: 4,
  U16: 2,
  U8: 1,
  BOOL: 1,
} as const;

/** NumPy's and PyTorch's own limit of axes. A longer shape in a file is an attack on its reader. */
export const MOST_AXES = 64;

/** How a file keeps its elements. */
export type StoredDtype = keyof typeof STORED_BYTES;

/** Makes the error of whoever reads or writes. @param what "holds 3000000000 at element 5, …" */
export type Refusal = (what: string) => Error;

/** Whether elements can be kept like this. */
export function isStoredDtype(name: string): name is StoredDtype {
  return Object.hasOwn(STORED_BYTES, name);
}

/** Which typed array stands for such elements. */
export function arrayFor(stored: StoredDtype): 'F64' | 'F32' | 'I32' {
  if (stored === 'F64') return 'F64';
  return stored === 'F32' || stored === 'F16' || stored === 'BF16' ? 'F32' : 'I32';
}

/**
 * The elements in little-endian bytes. For F64, F32 and I32 a view of them where they stand aligned, and a copy otherwise.
 * @throws the refusal for a whole number beyond int32 and a truth value that is neither 0 nor 1
 */
export function decodeElements(stored: StoredDtype, bytes: Uint8Array, refuse: Refusal): TypedArray {
  const size = STORED_BYTES[stored];
  const count = bytes.length / size;
  // No slice(): that of Node's Buffer is a view.
  const own = bytes.byteOffset % size === 0 ? bytes : new Uint8Array(bytes);
  switch (stored) {
    case 'F64':
      return new Float64Array(own.buffer, own.byteOffset, count);
    case 'F32':
      return new Float32Array(own.buffer, own.byteOffset, count);
    case 'I32':
      return new Int32Array(own.buffer, own.byteOffset, count);
    case 'F16':
      return mapped(new Float32Array(count), new Uint16Array(own.buffer, own.byteOffset, count), fromF16);
    case 'BF16':
      return mapped(new Float32Array(count), new Uint16Array(own.buffer, own.byteOffset, count), fromBF16);
    default:
      return decodeIntegers(stored, own, count, refuse);
  }
}

/** The target, filled. `TypedArray.from` with a function makes a list of all elements first, which takes ten times their memory. */
function mapped<Element, Target extends { [index: number]: Element }>(
  target: Target,
  source: ArrayLike<number>,
  convert: (value: number) => Element,
): Target {
  for (let i = 0; i < source.length; i++) target[i] = convert(source[i] as number);
  return target;
}

type Whole = Exclude<StoredDtype, 'F64' | 'F32' | 'F16' | 'BF16'>;

const WHOLE = {
  I64: BigInt64Array,
  U64: BigUint64Array,
  I32: Int32Array,
  U32: Uint32Array,
  I16: Int16Array,
  U16: Uint16Array,
  I8: Int8Array,
  U8: Uint8Array,
  BOOL: Uint8Array,
} as const;

/** The least and the largest of each kind; a safe integer or not, comparisons with them are exact. */
const RANGE: Readonly<Record<Whole, readonly [least: number, most: number]>> = {
  I64: [-(2 ** 63), 2 ** 63],
  U64: [0, 2 ** 64],
  I32: [-(2 ** 31), 2 ** 31 - 1],
  U32: [0, 2 ** 32 - 1],
  I16: [-(2 ** 15), 2 ** 15 - 1],
  U16: [0, 2 ** 16 - 1],
  I8: [-128, 127],
  U8: [0, 255],
  BOOL: [0, 1],
};

function decodeIntegers(stored: Whole, own: Uint8Array, count: number, refuse: Refusal): Int32Array {
  const [least, most] = stored === 'BOOL' ? RANGE.BOOL : RANGE.I32;
  const data = new Int32Array(count);
  new WHOLE[stored](own.buffer as ArrayBuffer, own.byteOffset, count).forEach(
    (value: number | bigint, i: number) => {
      if (value < least || value > most) {
        const cure =
          stored === 'BOOL' ? 'expected 0 or 1' : 'which int32 cannot hold: convert it where it was made';
        throw refuse(`holds ${value} at element ${i} of ${stored}, ${cure}`);
      }
      data[i] = Number(value);
    },
  );
  return data;
}

/** The largest finite number of each, and the least that would be rounded to infinity: half a step further. */
const HALF = {
  F16: { bitsOf: toF16, most: '65504', beyond: 65520, cure: 'BF16 or F32' },
  BF16: { bitsOf: toBF16, most: '3.3895e38', beyond: (2 - 2 ** -8) * 2 ** 127, cure: 'F32' },
} as const;

/**
 * Little-endian bytes of the elements. Floats are rounded to nearest, ties to even.
 * @throws the refusal for data of another kind than `stored` asks for, a whole number that does not fit, and a finite float beyond F16 or BF16
 */
export function encodeElements(stored: StoredDtype, data: TypedArray, refuse: Refusal): Uint8Array {
  const wanted = { F64: Float64Array, F32: Float32Array, I32: Int32Array }[arrayFor(stored)];
  if (!(data instanceof wanted)) throw refuse(`has the dtype ${stored} and its data is no ${wanted.name}`);
  if (stored === 'F64' || stored === 'F32' || stored === 'I32') return bytesOf(data);
  if (stored === 'F16' || stored === 'BF16') {
    const { bitsOf, most, beyond, cure } = HALF[stored];
    data.forEach((value, i) => {
      if (Number.isFinite(value) && Math.abs(value) >= beyond)
        throw refuse(`holds ${value} at element ${i}, beyond ${stored}'s ${most}: ${cure} would hold it`);
    });
    return bytesOf(mapped(new Uint16Array(data.length), data, bitsOf));
  }
  const [least, most] = RANGE[stored];
  data.forEach((value, i) => {
    if (value < least || value > most)
      throw refuse(`holds ${value} at element ${i}, beyond ${stored}, which goes from ${least} to ${most}`);
  });
  if (stored === 'I64') return bytesOf(mapped(new BigInt64Array(data.length), data, BigInt));
  if (stored === 'U64') return bytesOf(mapped(new BigUint64Array(data.length), data, BigInt));
  return bytesOf(WHOLE[stored].from(data));
}

function bytesOf(array: ArrayBufferView): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}

/** The product of the sizes, or null where it is no safe integer. A zero makes it 0 whatever stands beside. */
export function elementCount(shape: readonly number[]): number | null {
  if (shape.includes(0)) return 0;
  let count = 1;
  for (const size of shape) {
    count *= size;
    if (count > Number.MAX_SAFE_INTEGER) return null;
  }
  return count;
}

/** Whether the shape is one, and the data has as many elements. */
export function fits({ shape, data }: PlainArray): boolean {
  return (
    shape.every((size) => Number.isSafeInteger(size) && size >= 0) && elementCount(shape) === data.length
  );
}
