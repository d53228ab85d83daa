/** Reading and writing .npy files. */
import { describeValue } from '@chronograd/tensor/engine';
import { listedShape, shownName } from '../exchange/bounded.ts';
import {
  byteCount,
  bytesPerElement,
  decodeElements,
  encodeArray,
  memoryDtype,
  type PlainArray,
  type StoredDtype,
} from '../exchange/elements.ts';
import { requireBytes } from '../exchange/require.ts';
import { isPickle, isZip, torchFileMessage } from '../exchange/torch-file.ts';
import { decodeUtf8 } from '../exchange/utf8.ts';
import {
  dtypeDescription,
  isNpyDtype,
  NPY_DTYPES,
  type NpyArray,
  NpyError,
  type NpySource,
  npyError,
  parseDtype,
} from './format.ts';
import { parseHeader } from './header.ts';

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]; // \x93NUMPY
/** NumPy's own limit for untrusted files. */
const MOST_HEADER_BYTES = 10_000;

/**
 * Reads a .npy file: format versions 1 to 3, either byte order, row-major or Fortran order.
 * float64, float32 and int32 keep their dtype, float16 becomes float32, and other integers and
 * booleans become int32; then `stored` is the dtype in the file.
 *
 * `data` is a view of `bytes` if they are aligned and need no conversion.
 * @throws NpyError for bytes that are not a .npy file, for dtypes that are not numbers (nothing is
 * unpickled), for sizes that do not fit the bytes, and for integers outside int32
 */
export function readNpy(bytes: Uint8Array): NpyArray {
  const { header, body } = split(requireBytes(bytes, npyError));
  const { descr, fortranOrder, shape } = parseHeader(header);
  const { stored, bigEndian } = parseDtype(descr);
  const size = bytesPerElement(stored);
  const expected = byteCount(stored, shape);
  if (expected !== body.length) {
    if (expected !== null && isNpy(body.subarray(expected)))
      throw appended(bytes.length - body.length + expected);
    throw npyError(
      `expected ${expected === null ? 'a shape with fewer elements' : `${expected} bytes`} for ${String(descr)} of shape ${listedShape(shape)}, got ${body.length} bytes: the file is cut short or damaged`,
    );
  }
  const little = bigEndian && size > 1 ? reversedInGroups(body, size) : body;
  const data = decodeElements(stored, little, arrayError);
  const array = { shape, data: fortranOrder ? rowMajor(data, shape) : data };
  return memoryDtype(stored) === stored ? array : { ...array, stored };
}

/**
 * The bytes of a .npy file: version 1, little-endian, row-major. Equal arrays give equal bytes.
 * @param array shape and data, or a tensor. `stored` is the dtype in the file; floats are rounded
 * to nearest. Default: the dtype of the data.
 * @throws NpyError unless `array` is an array whose data fits its shape and `stored`
 */
export function writeNpy(array: NpySource): Uint8Array {
  requireArray(array);
  const plain: PlainArray & { readonly stored?: StoredDtype } =
    'toTypedArray' in array ? { shape: array.shape, data: array.toTypedArray() } : array;
  const { shape, data } = plain;
  const stored = plain.stored ?? dtypeOf(data);
  if (!isNpyDtype(stored))
    throw npyError(`expected stored to be one of ${NPY_DTYPES.join(', ')}, got ${shownName(String(stored))}`);
  const elements = encodeArray(stored, plain, arrayError);
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`;
  const text = `{'descr': '${dtypeDescription(stored)}', 'fortran_order': False, 'shape': ${tuple}, }`;
  // Elements begin at a multiple of 64, for readers that map the file. A line feed ends the header.
  const begin = Math.ceil((10 + text.length + 1) / 64) * 64;
  const file = new Uint8Array(begin + elements.length);
  file.set(MAGIC);
  file.set([1, 0, (begin - 10) & 0xff, (begin - 10) >> 8], 6);
  const padded = `${text.padEnd(begin - 11)}\n`;
  for (let i = 0; i < padded.length; i++) file[10 + i] = padded.charCodeAt(i);
  file.set(elements, begin);
  return file;
}

/** For callers without types. */
function requireArray(array: NpySource): void {
  if (typeof array === 'object' && array !== null) {
    if ('toTypedArray' in array) {
      if (typeof array.toTypedArray === 'function') return;
    } else if (Array.isArray(array.shape) && ArrayBuffer.isView(array.data)) return;
  }
  throw npyError(`expected a tensor or { shape, data } with a typed array, got ${describeValue(array)}`);
}

const arrayError = (what: string): NpyError => npyError(`the array ${what}`);

function dtypeOf(data: PlainArray['data']): 'F64' | 'F32' | 'I32' {
  if (data instanceof Float32Array) return 'F32';
  return data instanceof Float64Array ? 'F64' : 'I32';
}

const isNpy = (bytes: Uint8Array): boolean => MAGIC.every((byte, i) => bytes[i] === byte);

/** Two calls of `numpy.save` on one open file write this; `numpy.load` reads one array a call. */
function appended(at: number): NpyError {
  return npyError(
    `expected one array, got another after it at byte ${at}; readNpy(bytes.subarray(0, ${at})) reads the first, readNpy(bytes.subarray(${at})) the next`,
  );
}

function split(bytes: Uint8Array): { header: string; body: Uint8Array } {
  if (!isNpy(bytes)) {
    if (isPickle(bytes)) throw new NpyError(torchFileMessage('npy', 'pickle'));
    const hint = isZip(bytes) ? ': this is a zip archive, readNpz reads a .npz' : '';
    throw npyError(`the bytes do not begin with \\x93NUMPY${hint}`);
  }
  const version = bytes[6];
  if (version !== 1 && version !== 2 && version !== 3)
    throw npyError(`expected format version 1, 2 or 3, got ${version}`);
  const begin = version === 1 ? 10 : 12;
  const length = bytes.subarray(8, begin).reduce((sum, byte, i) => sum + byte * 256 ** i, 0);
  if (begin + length > bytes.length || length > MOST_HEADER_BYTES)
    throw npyError(
      `expected a header of at most ${MOST_HEADER_BYTES} bytes within the file of ${bytes.length}, got ${length}`,
    );
  const header = bytes.subarray(begin, begin + length);
  const text = version === 3 ? decodeUtf8(header) : String.fromCharCode(...header);
  if (text === null) throw npyError('the header is not UTF-8');
  return { header: text, body: bytes.subarray(begin + length) };
}

/** A copy with the bytes of each element reversed. */
function reversedInGroups(bytes: Uint8Array, size: number): Uint8Array {
  const copy = new Uint8Array(bytes);
  for (let at = 0; at < copy.length; at += size) copy.subarray(at, at + size).reverse();
  return copy;
}

/** Row-major elements from column-major ones, in which the first index runs fastest. */
function rowMajor(data: PlainArray['data'], shape: readonly number[]): PlainArray['data'] {
  const result = data.slice();
  const place = shape.map(() => 0);
  let from = 0;
  for (let i = 0; i < data.length; i++) {
    result[i] = data[from] as number;
    // The last index moves by the product of the sizes before it. Where it wraps around, the one
    // before it moves.
    let stride = data.length;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const size = shape[axis] as number;
      stride /= size;
      const next = (place[axis] as number) + 1;
      if (next < size) {
        place[axis] = next;
        from += stride;
        break;
      }
      place[axis] = 0;
      from -= stride * (size - 1);
    }
  }
  return result;
}
