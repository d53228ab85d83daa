/** Reading a safetensors file: nothing in it is believed before it is checked. */
import {
  arrayFor,
  decodeElements,
  elementCount,
  isStoredDtype,
  quoted,
  requireBytes,
  STORED_BYTES,
  type StoredDtype,
} from '../exchange/elements.ts';
import { isPickle, isZip, torchFileMessage } from '../exchange/torch-file.ts';
import {
  METADATA,
  MOST_HEADER_BYTES,
  problem,
  problemOf,
  SafetensorsError,
  type SafetensorsTensor,
} from './format.ts';
import { type HeaderValue, parseHeader } from './json-header.ts';
import { decodeUtf8 } from './utf8.ts';

/** What is in a file. */
export interface SafetensorsFile {
  /** In the order of the header. */
  readonly tensors: ReadonlyMap<string, SafetensorsTensor>;
  /** Free pairs of strings, in an object without a prototype; empty where there are none. */
  readonly metadata: Readonly<Record<string, string>>;
}

/**
 * Reads a safetensors file. F64, F32 and I32 stay what they are, F16 and BF16 become float32, and I64, I16, I8, U64, U32, U16, U8 and
 * BOOL become int32; `stored` says which it was.
 *
 * Where a tensor's bytes stand aligned and need no conversion, its `data` is a view of `bytes` and no copy: copy what must outlive a
 * change of them.
 * @throws SafetensorsError for anything that the format does not allow: a header that is too long, not UTF-8, not JSON or not an object, a
 *   key twice, an unknown dtype or field, sizes that do not fit the bytes, bytes that overlap, are left over or belong to nobody; for whole
 *   numbers that int32 cannot hold; and for a file of `torch.save`, with two lines of Python that make it a safetensors file
 */
export function readSafetensors(bytes: Uint8Array): SafetensorsFile {
  const { header, body } = split(requireBytes(bytes, refuse));
  let metadata: Readonly<Record<string, string>> = emptyRecord();
  const entries: Entry[] = [];
  for (const [name, value] of header) {
    if (name === METADATA) {
      metadata = readMetadata(value);
      continue;
    }
    const entry = readEntry(name, value);
    if (entry.end > body.length) {
      throw problem(name, `ends at byte ${entry.end} of ${body.length}: the file is cut short or damaged`);
    }
    entries.push(entry);
  }
  // Before any is converted: a file of few bytes that all tensors share must not become much memory.
  checkCover(entries, body.length);
  return { tensors: new Map(entries.map((entry) => [entry.name, tensorOf(entry, body)])), metadata };
}

const refuse = (what: string): SafetensorsError => new SafetensorsError(`safetensors: ${what}`);

interface Entry {
  readonly name: string;
  readonly stored: StoredDtype;
  readonly shape: readonly number[];
  /** First byte and the one after the last, counted from the end of the header. */
  readonly begin: number;
  readonly end: number;
}

function split(bytes: Uint8Array): { header: ReadonlyMap<string, HeaderValue>; body: Uint8Array } {
  if (bytes[8] !== 0x7b && (isZip(bytes) || isPickle(bytes)))
    throw new SafetensorsError(torchFileMessage('safetensors', isZip(bytes) ? 'zip' : 'pickle'));
  if (bytes.length < 8) {
    throw new SafetensorsError(
      `safetensors: ${bytes.length} bytes, expected at least the 8 of the header's length`,
    );
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = view.getUint32(0, true) + view.getUint32(4, true) * 2 ** 32;
  if (length > MOST_HEADER_BYTES) {
    throw new SafetensorsError(
      `safetensors: a header of ${length} bytes, the format allows ${MOST_HEADER_BYTES}`,
    );
  }
  if (length > bytes.length - 8) {
    throw new SafetensorsError(
      `safetensors: a header of ${length} bytes in a file that has ${bytes.length - 8} after its length`,
    );
  }
  // The format wants the brace to be the very first byte: no space before it.
  if (bytes[8] !== 0x7b) throw new SafetensorsError("safetensors: the header does not start with '{'");
  const text = decodeUtf8(bytes.subarray(8, 8 + length));
  if (text === null) throw new SafetensorsError('safetensors: the header is not UTF-8');
  const header = parseHeader(text);
  if (!(header instanceof Map)) throw new SafetensorsError('safetensors: the header is no object');
  return { header, body: bytes.subarray(8 + length) };
}

function readMetadata(value: HeaderValue): Readonly<Record<string, string>> {
  const metadata = emptyRecord();
  if (!(value instanceof Map)) throw new SafetensorsError(`safetensors: ${METADATA} is no object`);
  for (const [key, item] of value) {
    if (typeof item !== 'string')
      throw new SafetensorsError(`safetensors: ${METADATA} ${quoted(key)} is no string`);
    metadata[key] = item;
  }
  return metadata;
}

/** Without a prototype even `__proto__` is an ordinary key. */
function emptyRecord(): Record<string, string> {
  return Object.create(null) as Record<string, string>;
}

function readEntry(name: string, value: HeaderValue): Entry {
  if (!(value instanceof Map)) throw problem(name, 'is no object in the header');
  for (const key of value.keys()) {
    if (key !== 'dtype' && key !== 'shape' && key !== 'data_offsets') {
      throw problem(name, `has an unknown field ${quoted(key)}`);
    }
  }
  const stored = readDtype(name, value.get('dtype'));
  const shape = readNumbers(name, 'shape', value.get('shape'));
  const offsets = readNumbers(name, 'data_offsets', value.get('data_offsets'));
  const [begin, end] = offsets;
  if (offsets.length !== 2 || begin === undefined || end === undefined || begin > end) {
    throw problem(name, `has data_offsets [${offsets.join(', ')}], expected a begin and an end after it`);
  }
  const count = elementCount(shape);
  if (count === null || count * STORED_BYTES[stored] !== end - begin) {
    throw problem(name, `has ${end - begin} bytes for ${stored} of shape [${shape.join(', ')}]`);
  }
  return { name, stored, shape, begin, end };
}

function readDtype(name: string, value: HeaderValue | undefined): StoredDtype {
  if (typeof value === 'string' && isStoredDtype(value)) return value;
  const came = typeof value === 'string' ? quoted(value) : value === undefined ? 'none' : 'no string';
  const known = Object.keys(STORED_BYTES).join(', ');
  throw problem(name, `has the dtype ${came}, expected one of ${known}: convert it where the file was made`);
}

function readNumbers(name: string, field: string, value: HeaderValue | undefined): readonly number[] {
  if (Array.isArray(value) && value.every((item) => typeof item === 'number')) return value;
  throw problem(name, `has a ${field} that is no array of whole numbers`);
}

/** Every byte belongs to exactly one tensor; tensors without elements may stand anywhere that one ends. */
function checkCover(entries: readonly Entry[], length: number): void {
  let covered = 0;
  for (const { name, begin, end } of entries.toSorted((a, b) => a.begin - b.begin || a.end - b.end)) {
    if (begin < covered)
      throw problem(name, `overlaps another: it begins at byte ${begin}, and that ends at ${covered}`);
    if (begin > covered)
      throw problem(name, `leaves a hole: it begins at byte ${begin}, and what is before ends at ${covered}`);
    covered = end;
  }
  if (covered !== length) {
    throw new SafetensorsError(`safetensors: ${length - covered} bytes after the last tensor belong to none`);
  }
}

function tensorOf({ name, stored, shape, begin, end }: Entry, body: Uint8Array): SafetensorsTensor {
  const data = decodeElements(stored, body.subarray(begin, end), problemOf(name));
  const dtype = arrayFor(stored);
  // The compiler cannot see that the array and the two names belong together; arrayFor and decodeElements say so.
  return { dtype, shape, data, ...(stored === dtype ? {} : { stored }) } as SafetensorsTensor;
}
