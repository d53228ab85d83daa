/** Reading and writing .npy files. */
import { describeValue } from '@chronograd/tensor/engine';
import { listedShape, shownName } from '../exchange/bounded.ts';
import {
  decodeElements,
  elementCount,
  encodeElements,
  fits,
  MOST_AXES,
  type PlainArray,
  STORED_BYTES,
  type StoredDtype,
} from '../exchange/elements.ts';
import { requireBytes } from '../exchange/require.ts';
import { isPickle, isZip, torchFileMessage } from '../exchange/torch-file.ts';
import { decodeUtf8 } from '../safetensors/utf8.ts';
import {
  DESCRIPTIONS,
  isNpyDtype,
  type NpyArray,
  type NpyDtype,
  NpyError,
  type NpySource,
  stored,
} from './format.ts';
import { parseHeader } from './header.ts';

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]; // \x93NUMPY
/** NumPy itself refuses headers past 10,000 bytes unless told to trust them; a shape needs less. */
const MOST_HEADER_BYTES = 10_000;

/**
 * Reads a .npy file: format versions 1 to 3, either byte order, row-major or Fortran order. float64, float32 and int32 stay what they
 * are; float16 becomes float32, whole numbers of other widths and truth values become int32, and `stored` says which it was.
 *
 * Where the elements stand aligned and need no conversion, `data` is a view of `bytes` and no copy.
 * @throws NpyError for bytes that are no .npy file, dtypes that are no numbers (Python objects: nothing is unpickled), sizes that do not fit
 *   the bytes, and whole numbers that int32 cannot hold
 */
export function readNpy(bytes: Uint8Array): NpyArray {
  const { header, body } = split(requireBytes(bytes, (what) => new NpyError(`npy: ${what}`)));
  const { descr, fortranOrder, shape } = parseHeader(header);
  const kind = stored(descr);
  const size = STORED_BYTES[kind.stored];
  const count = elementCount(shape);
  const expected = count === null ? null : count * size;
  if (expected !== body.length) {
    if (expected !== null && isNpy(body.subarray(expected)))
      throw appended(bytes.length - body.length + expected);
    throw new NpyError(
      `npy: ${body.length} bytes of elements came for ${String(descr)} of shape ${listedShape(shape)}, expected ${expected ?? 'fewer sizes'}: the file is cut short or damaged`,
    );
  }
  const own = kind.bigEndian && size > 1 ? reversedInGroups(body, size) : body;
  const data = decodeElements(kind.stored, own, refuse);
  const array = { shape, data: fortranOrder ? rowMajor(data, shape) : data };
  const plain = kind.stored === 'F64' || kind.stored === 'F32' || kind.stored === 'I32';
  return plain ? array : { ...array, stored: kind.stored };
}

/**
 * The bytes of a .npy file, version 1, little-endian, row-major. Equal arrays give equal bytes.
 * @param array shape and data, or a tensor; `stored` asks for another dtype on file, floats rounded to nearest
 * @throws NpyError for what is no array, if the data does not fit its shape, or the dtype it is to be stored in
 */
export function writeNpy(array: NpySource): Uint8Array {
  requireArray(array);
  const plain: PlainArray & { readonly stored?: StoredDtype } =
    'toTypedArray' in array ? { shape: array.shape, data: array.toTypedArray() } : array;
  const { shape, data } = plain;
  const kind = plain.stored ?? nameOf(data);
  if (!isNpyDtype(kind))
    throw new NpyError(
      `npy: an array to be stored as ${shownName(String(kind))} came, NumPy has ${Object.keys(DESCRIPTIONS).join(', ')}`,
    );
  if (shape.length > MOST_AXES)
    throw new NpyError(
      `npy: expected a shape of at most ${MOST_AXES} sizes, as in NumPy, got ${shape.length}`,
    );
  if (!fits(plain))
    throw new NpyError(`npy: an array of shape ${listedShape(shape)} has ${data.length} elements`);
  const elements = encodeElements(kind, data, refuse);
  const order = STORED_BYTES[kind] === 1 ? '|' : '<';
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`;
  const text = `{'descr': '${order}${DESCRIPTIONS[kind]}', 'fortran_order': False, 'shape': ${tuple}, }`;
  // The elements begin at a multiple of 64, for readers that map the file into memory; a line feed ends the header.
  const begin = Math.ceil((10 + text.length + 1) / 64) * 64;
  const file = new Uint8Array(begin + elements.length);
  file.set(MAGIC);
  file.set([1, 0, (begin - 10) & 0xff, (begin - 10) >> 8], 6);
  const padded = `${text.padEnd(begin - 11)}\n`;
  for (let i = 0; i < padded.length; i++) file[10 + i] = padded.charCodeAt(i);
  file.set(elements, begin);
  return file;
}

/** Types say so already, but not everyone has them. */
function requireArray(array: NpySource): void {
  if (typeof array === 'object' && array !== null) {
    if ('toTypedArray' in array) {
      if (typeof array.toTypedArray === 'function') return;
    } else if (Array.isArray(array.shape) && ArrayBuffer.isView(array.data)) return;
  }
  throw new NpyError(
    `npy: ${describeValue(array)} came, a tensor or { shape, data } with a typed array was expected`,
  );
}

const refuse = (what: string): NpyError => new NpyError(`npy: the array ${what}`);

function nameOf(data: PlainArray['data']): NpyDtype {
  if (data instanceof Float32Array) return 'F32';
  return data instanceof Float64Array ? 'F64' : 'I32';
}

const isNpy = (bytes: Uint8Array): boolean => MAGIC.every((byte, i) => bytes[i] === byte);

/** `numpy.save` into one open file, called twice, writes this; `numpy.load` then reads one array a call. */
function appended(at: number): NpyError {
  return new NpyError(
    `npy: expected one array, got another after it at byte ${at}; readNpy(bytes.subarray(0, ${at})) reads the first, readNpy(bytes.subarray(${at})) the next`,
  );
}

function split(bytes: Uint8Array): { header: string; body: Uint8Array } {
  if (!isNpy(bytes)) {
    if (isPickle(bytes)) throw new NpyError(torchFileMessage('npy', 'pickle'));
    const hint = isZip(bytes) ? ': this is a zip archive, readNpz reads a .npz' : '';
    throw new NpyError(`npy: the bytes do not begin with \\x93NUMPY${hint}`);
  }
  const version = bytes[6];
  if (version !== 1 && version !== 2 && version !== 3)
    throw new NpyError(`npy: format version ${version} came, 1, 2 or 3 was expected`);
  const lengthBytes = version === 1 ? 2 : 4;
  const begin = 8 + lengthBytes;
  const length = bytes.subarray(8, begin).reduce((sum, byte, i) => sum + byte * 256 ** i, 0);
  if (begin + length > bytes.length || length > MOST_HEADER_BYTES)
    throw new NpyError(
      `npy: a header of ${length} bytes in a file of ${bytes.length}, at most ${MOST_HEADER_BYTES} and within the file were expected`,
    );
  const header = bytes.subarray(begin, begin + length);
  const text = version === 3 ? decodeUtf8(header) : String.fromCharCode(...header);
  if (text === null) throw new NpyError('npy: the header is not UTF-8');
  return { header: text, body: bytes.subarray(begin + length) };
}

/** A copy with the bytes of each element the other way round. */
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
    // The last index moves by the product of the sizes before it; where it wraps around, the one before it moves.
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
