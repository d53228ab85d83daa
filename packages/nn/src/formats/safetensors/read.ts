/** Reading a safetensors file, whole or by name. */
import { checkOptions, quoted } from '@chronograd/tensor/engine';
import { arrayFor, decodeElements, isStoredDtype, STORED_BYTES } from '../exchange/elements.ts';
import { noEntry, type OnUnreadable, readAll } from '../exchange/entries.ts';
import { requireBytes, requireCallback, requireLimit } from '../exchange/require.ts';
import { isPickle, isZip, torchFileMessage } from '../exchange/torch-file.ts';
import {
  DEFAULT_HEADER_BYTES,
  MOST_HEADER_BYTES,
  problem,
  problemOf,
  SafetensorsError,
  type SafetensorsTensor,
} from './format.ts';
import { type Entry, readHeader } from './header.ts';
import { decodeUtf8 } from './utf8.ts';

/** What is in a file. */
export interface SafetensorsFile {
  /** In the order of the header. */
  readonly tensors: ReadonlyMap<string, SafetensorsTensor>;
  /** Free pairs of strings, in an object without a prototype; empty where there are none. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** An open safetensors file: its tensors are listed, and converted one at a time. */
export interface OpenSafetensors {
  /** Python's `safe_open(…).keys()`, in the order of the header. */
  readonly names: readonly string[];
  readonly metadata: Readonly<Record<string, string>>;
  /** The dtype and shape that the header has for a tensor; the dtype may be one that `get` cannot read, such as `F8_E4M3`. */
  info(name: string): { readonly dtype: string; readonly shape: readonly number[] };
  /**
   * Python's `safe_open(…).get_tensor(name)`.
   * @throws SafetensorsError for a name that the file does not have, and a tensor that cannot be read; its `entry` is the name
   */
  get(name: string): SafetensorsTensor;
}

/** Options of `openSafetensors`. */
export interface OpenSafetensorsOptions {
  /** The longest header that is read, in bytes; the format allows 100,000,000. Default: 10,000,000, some 100,000 tensors. */
  readonly maxHeaderBytes?: number;
}

/** Options of `readSafetensors`. */
export interface ReadSafetensorsOptions extends OpenSafetensorsOptions, OnUnreadable<SafetensorsError> {}

/**
 * Opens a safetensors file: the header is checked whole, and no tensor is read, so one that cannot be does not hinder reading the others.
 * @throws SafetensorsError for anything that the format does not allow: a header that is too long, not UTF-8, not JSON or not an object, a
 *   key twice, an unknown field, sizes that do not fit the bytes, bytes that overlap, are left over or belong to nobody; and for a file of
 *   `torch.save`, with two lines of Python that make it a safetensors file
 * @example
 * const file = openSafetensors(readFileSync('model.safetensors'));
 * const encoder = file.names.filter((name) => name.startsWith('encoder.')).map((name) => file.get(name));
 */
export function openSafetensors(bytes: Uint8Array, options: OpenSafetensorsOptions = {}): OpenSafetensors {
  checkOptions<OpenSafetensorsOptions>('openSafetensors', options, { maxHeaderBytes: true });
  return open('openSafetensors', bytes, options);
}

/**
 * Reads a safetensors file. F64, F32 and I32 stay what they are, F16 and BF16 become float32, and I64, I16, I8, U64, U32, U16, U8 and
 * BOOL become int32; `stored` says which it was.
 *
 * Where a tensor's bytes stand aligned and need no conversion, its `data` is a view of `bytes` and no copy: copy what must outlive a
 * change of them.
 * @throws SafetensorsError as `openSafetensors`, and for a tensor of another dtype or with whole numbers that int32 cannot hold, unless
 *   `onUnreadable` is given
 * @example const { tensors } = readSafetensors(bytes, { onUnreadable: (error) => console.warn(error.message) });
 */
export function readSafetensors(bytes: Uint8Array, options: ReadSafetensorsOptions = {}): SafetensorsFile {
  checkOptions<ReadSafetensorsOptions>('readSafetensors', options, {
    maxHeaderBytes: true,
    onUnreadable: true,
  });
  requireCallback('readSafetensors', 'onUnreadable', options.onUnreadable);
  const { names, get, metadata } = open('readSafetensors', bytes, options);
  return { tensors: readAll(names, get, SafetensorsError, options.onUnreadable), metadata };
}

const refuse = (what: string): SafetensorsError => new SafetensorsError(`safetensors: ${what}`);

function open(
  op: string,
  bytes: Uint8Array,
  { maxHeaderBytes = DEFAULT_HEADER_BYTES }: OpenSafetensorsOptions,
): OpenSafetensors {
  requireLimit(op, 'maxHeaderBytes', maxHeaderBytes);
  const { header, body } = split(requireBytes(bytes, refuse), maxHeaderBytes);
  const { entries, metadata } = readHeader(header, body.length);
  const names = [...entries.keys()];
  const entryOf = (name: string): Entry => {
    const entry = entries.get(name);
    if (entry === undefined)
      throw new SafetensorsError(`safetensors: ${noEntry('tensor', name, names)}`, name);
    return entry;
  };
  return {
    names,
    metadata,
    info: (name) => {
      const { dtype, shape } = entryOf(name);
      return { dtype, shape };
    },
    get: (name) => tensorOf(entryOf(name), body),
  };
}

function split(bytes: Uint8Array, most: number): { header: string; body: Uint8Array } {
  if (bytes[8] !== 0x7b && (isZip(bytes) || isPickle(bytes)))
    throw new SafetensorsError(torchFileMessage('safetensors', isZip(bytes) ? 'zip' : 'pickle'));
  if (bytes.length < 8) throw refuse(`${bytes.length} bytes, expected at least the 8 of the header's length`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = view.getUint32(0, true) + view.getUint32(4, true) * 2 ** 32;
  if (length > MOST_HEADER_BYTES)
    throw refuse(`a header of ${length} bytes, the format allows ${MOST_HEADER_BYTES}`);
  if (length > bytes.length - 8)
    throw refuse(`a header of ${length} bytes in a file that has ${bytes.length - 8} after its length`);
  if (length > most)
    throw refuse(
      `expected a header of at most ${most} bytes, got ${length}; set maxHeaderBytes if you trust the file`,
    );
  // The format wants the brace to be the very first byte: no space before it.
  if (bytes[8] !== 0x7b) throw refuse("the header does not start with '{'");
  const header = decodeUtf8(bytes.subarray(8, 8 + length));
  if (header === null) throw refuse('the header is not UTF-8');
  return { header, body: bytes.subarray(8 + length) };
}

function tensorOf({ name, dtype: stored, shape, begin, end }: Entry, body: Uint8Array): SafetensorsTensor {
  if (!isStoredDtype(stored))
    throw problem(
      name,
      `has the dtype ${quoted(stored)}, expected one of ${Object.keys(STORED_BYTES).join(', ')}: convert it where the file was made`,
    );
  const data = decodeElements(stored, body.subarray(begin, end), problemOf(name));
  const dtype = arrayFor(stored);
  // The compiler cannot see that the array and the two names belong together; arrayFor and decodeElements say so.
  return { dtype, shape, data, ...(stored === dtype ? {} : { stored }) } as SafetensorsTensor;
}
