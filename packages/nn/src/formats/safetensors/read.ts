/** Reading a safetensors file, whole or by name. */
import { checkOptions, quoted } from '@chronograd/tensor/engine';
import { decodeElements, isStoredDtype, memoryDtype, STORED_DTYPES } from '../exchange/elements.ts';
import { entryOf, type OnUnreadable, readAll } from '../exchange/entries.ts';
import { requireBytes, requireCallback, requireLimit } from '../exchange/require.ts';
import { isPickle, isZip, torchFileMessage } from '../exchange/torch-file.ts';
import { decodeUtf8 } from '../exchange/utf8.ts';
import {
  fileError,
  requireHeaderBytes,
  SafetensorsError,
  type SafetensorsTensor,
  tensorError,
} from './format.ts';
import { type Entry, readHeader } from './header.ts';

/** The contents of a file. */
export interface SafetensorsFile {
  /** In the order of the header. */
  readonly tensors: ReadonlyMap<string, SafetensorsTensor>;
  /** Pairs of strings, in an object without a prototype. Empty if the file has none. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** An open safetensors file, whose tensors are converted one at a time. */
export interface OpenSafetensors {
  /** Python's `safe_open(…).keys()`, in the order of the header. */
  readonly names: readonly string[];
  readonly metadata: Readonly<Record<string, string>>;
  /** Dtype and shape from the header. The dtype may be one that `get` cannot read: `F8_E4M3`. */
  info(name: string): { readonly dtype: string; readonly shape: readonly number[] };
  /**
   * Python's `safe_open(…).get_tensor(name)`.
   * @throws SafetensorsError for an unknown name, and for a tensor that cannot be read; its `entry`
   * is the name
   */
  get(name: string): SafetensorsTensor;
}

/** Options of `openSafetensors`. */
export interface OpenSafetensorsOptions {
  /**
   * Longest header that is read, in bytes. The format allows 100,000,000. Default: 10,000,000,
   * about 100,000 tensors, which take about 10 times as many bytes in memory.
   */
  readonly maxHeaderBytes?: number;
}

/** Options of `readSafetensors`. */
export interface ReadSafetensorsOptions extends OpenSafetensorsOptions, OnUnreadable<SafetensorsError> {}

/**
 * Opens a safetensors file. The whole header is checked and no tensor is read, so a tensor that
 * cannot be read does not prevent reading the others.
 * @throws SafetensorsError for anything that the format does not allow: a header that is too long,
 * not UTF-8, not JSON or not an object; a key twice; an unknown field; sizes that do not fit the
 * bytes; bytes that overlap or belong to no tensor. Also for a file of `torch.save`, with two lines
 * of Python that convert it.
 * @example
 * const file = openSafetensors(readFileSync('model.safetensors'));
 * const names = file.names.filter((name) => name.startsWith('encoder.'));
 * const encoder = names.map((name) => file.get(name));
 */
export function openSafetensors(bytes: Uint8Array, options: OpenSafetensorsOptions = {}): OpenSafetensors {
  checkOptions<OpenSafetensorsOptions>('openSafetensors', options, { maxHeaderBytes: true });
  return open('openSafetensors', bytes, options);
}

/**
 * Reads a safetensors file. F64, F32 and I32 keep their dtype, F16 and BF16 become float32, and
 * other integers and BOOL become int32; then `stored` is the dtype in the file.
 *
 * `data` is a view of `bytes` if they are aligned and need no conversion. Copy it before `bytes`
 * change.
 * @throws SafetensorsError as `openSafetensors`, and, without `onUnreadable`, for a tensor of
 * another dtype or with integers outside int32
 * @example
 * const onUnreadable = ({ message }) => console.warn(message);
 * const { tensors } = readSafetensors(bytes, { onUnreadable });
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

function open(
  op: string,
  bytes: Uint8Array,
  { maxHeaderBytes = 10_000_000 }: OpenSafetensorsOptions,
): OpenSafetensors {
  requireLimit(op, 'maxHeaderBytes', maxHeaderBytes);
  const { header, body } = split(requireBytes(bytes, fileError), maxHeaderBytes);
  const { entries, metadata } = readHeader(header, body.length);
  const find = (name: string): Entry => entryOf(entries, name, 'tensor', fileError);
  return {
    names: [...entries.keys()],
    metadata,
    info: (name) => {
      const { dtype, shape } = find(name);
      return { dtype, shape };
    },
    get: (name) => tensorOf(find(name), body),
  };
}

function split(bytes: Uint8Array, most: number): { header: string; body: Uint8Array } {
  if (bytes[8] !== 0x7b && (isZip(bytes) || isPickle(bytes)))
    throw new SafetensorsError(torchFileMessage('safetensors', isZip(bytes) ? 'zip' : 'pickle'));
  if (bytes.length < 8)
    throw fileError(`expected at least the 8 bytes of the header's length, got ${bytes.length}`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = view.getUint32(0, true) + view.getUint32(4, true) * 2 ** 32;
  requireHeaderBytes(length);
  if (length > bytes.length - 8)
    throw fileError(`a header of ${length} bytes in a file that has ${bytes.length - 8} after its length`);
  if (length > most) {
    const cure = 'set maxHeaderBytes if you trust the file';
    throw fileError(`expected a header of at most ${most} bytes, got ${length}; ${cure}`);
  }
  // The format requires the brace to be the first byte: no space before it.
  if (bytes[8] !== 0x7b) throw fileError("the header does not start with '{'");
  const header = decodeUtf8(bytes.subarray(8, 8 + length));
  if (header === null) throw fileError('the header is not UTF-8');
  return { header, body: bytes.subarray(8 + length) };
}

function tensorOf({ name, dtype: stored, shape, begin, end }: Entry, body: Uint8Array): SafetensorsTensor {
  const error = tensorError(name);
  if (!isStoredDtype(stored)) {
    const known = STORED_DTYPES.join(', ');
    throw error(`has the dtype ${quoted(stored)}, expected one of ${known}; convert it where it was made`);
  }
  const data = decodeElements(stored, body.subarray(begin, end), error);
  const dtype = memoryDtype(stored);
  // The compiler does not see that memoryDtype and decodeElements agree.
  return { dtype, shape, data, ...(stored === dtype ? {} : { stored }) } as SafetensorsTensor;
}
