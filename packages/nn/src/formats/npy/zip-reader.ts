/**
 * Reading zip archives (PKWARE APPNOTE 6.3) as NumPy writes them: stored or deflated files, not
 * encrypted, below 4 GiB. The whole directory is checked before anything is unpacked.
 */
import { quoted } from '@chronograd/tensor/engine';
import { Inflate } from 'fflate';
import { decodeUtf8 } from '../exchange/utf8.ts';
import { crc32 } from './crc32.ts';
import { NpyError, npzError } from './format.ts';

export const LOCAL = 0x04034b50;
export const CENTRAL = 0x02014b50;
export const END = 0x06054b50;
const END_BYTES = 22;
const LOCAL_BYTES = 30;
const CENTRAL_BYTES = 46;
/** Deflate expands one byte to at most 1,032. */
const MOST_RATIO = 1032;
/** Bytes inflated at once. A stream that is too long is noticed after 1,032 times as many. */
const CHUNK = 1 << 13;

/**
 * A deflated stream that is broken, or does not have the size in the directory. Up to `CHUNK` ×
 * 1,032 bytes were inflated for nothing.
 */
export class BrokenStreamError extends NpyError {}

/** A packed file in an archive. */
export interface ZipEntry {
  readonly name: string;
  readonly encrypted: boolean;
  readonly method: number;
  readonly crc: number;
  /** Bytes when unpacked. */
  readonly size: number;
  /** First byte in the archive, header included, and the byte after the last. */
  readonly begin: number;
  readonly end: number;
  readonly packed: Uint8Array;
}

/**
 * The files of an archive in the order of its directory. Nothing is unpacked.
 * @throws NpyError for a broken directory, for a file that occurs twice, and for files that share
 * bytes with each other or with the directory
 */
export function readDirectory(bytes: Uint8Array): readonly ZipEntry[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = findEnd(view);
  const count = view.getUint16(end + 10, true);
  const directory = view.getUint32(end + 16, true);
  if (count === 0xffff || directory === 0xffffffff) throw zip64();
  const entries = new Map<string, ZipEntry>();
  let at = directory;
  for (let i = 0; i < count; i++) {
    if (at + CENTRAL_BYTES > end || view.getUint32(at, true) !== CENTRAL) throw broken();
    const variable = [28, 30, 32].reduce((sum, field) => sum + view.getUint16(at + field, true), 0);
    const next = at + CENTRAL_BYTES + variable;
    if (next > end) throw broken();
    const entry = readEntry(bytes, view, at, directory);
    if (entries.has(entry.name)) throw damaged(`it has the file ${quoted(entry.name)} twice`);
    entries.set(entry.name, entry);
    at = next;
  }
  // Some readers use the size of the directory, others its count. Both must agree.
  if (at !== end || directory + view.getUint32(end + 12, true) !== end) throw broken();
  const ranges = [...entries.values()].sort((a, b) => a.begin - b.begin);
  if (ranges.some(({ begin }, i) => i > 0 && begin < (ranges[i - 1] as ZipEntry).end))
    throw damaged('two of its files share bytes');
  return [...entries.values()];
}

/** The end record is the last one, before a comment of at most 65,535 bytes. */
function findEnd(view: DataView): number {
  const first = Math.max(0, view.byteLength - END_BYTES - 0xffff);
  for (let at = view.byteLength - END_BYTES; at >= first; at--) {
    const end = at + END_BYTES;
    if (view.getUint32(at, true) === END && end + view.getUint16(at + 20, true) === view.byteLength)
      return at;
  }
  throw damaged('it has no directory at its end');
}

function readEntry(bytes: Uint8Array, view: DataView, at: number, directory: number): ZipEntry {
  const packedSize = view.getUint32(at + 20, true);
  const size = view.getUint32(at + 24, true);
  const begin = view.getUint32(at + 42, true);
  const rawName = bytes.subarray(at + CENTRAL_BYTES, at + CENTRAL_BYTES + view.getUint16(at + 28, true));
  const name = decodeUtf8(rawName);
  if (name === null) throw damaged('a name in it is not UTF-8');
  const wrong = (what: string): NpyError => damaged(`the file ${quoted(name)} ${what}`);
  if ([packedSize, size, begin].includes(0xffffffff)) throw zip64();
  if (begin + LOCAL_BYTES > directory || view.getUint32(begin, true) !== LOCAL)
    throw wrong('is not where its directory says');
  const nameAt = begin + LOCAL_BYTES;
  const dataAt = nameAt + view.getUint16(begin + 26, true) + view.getUint16(begin + 28, true);
  const end = dataAt + packedSize;
  if (end > directory) throw wrong('is cut short');
  const localName = bytes.subarray(nameAt, nameAt + view.getUint16(begin + 26, true));
  if (localName.length !== rawName.length || rawName.some((byte, i) => byte !== localName[i]))
    throw wrong('has another name in its own header');
  const method = view.getUint16(at + 10, true);
  if (method === 0 ? size !== packedSize : size > packedSize * MOST_RATIO)
    throw wrong(`cannot have ${size} bytes`);
  const encrypted = (view.getUint16(at + 8, true) & 1) === 1;
  const crc = view.getUint32(at + 16, true);
  return { name, encrypted, method, crc, size, begin, end, packed: bytes.subarray(dataAt, end) };
}

/**
 * Unpacks a file.
 * @throws NpyError if it is encrypted, packed by another method, or fails its checksum
 * @throws BrokenStreamError if it does not inflate to its size
 */
export function unpack({ name, encrypted, method, crc, size, packed }: ZipEntry): Uint8Array {
  const file = `the file ${quoted(name)}`;
  if (encrypted) throw npzError(`${file} is encrypted`);
  if (method !== 0 && method !== 8)
    throw npzError(`${file} is packed by method ${method}, expected 0 (stored) or 8 (deflated)`);
  const content = method === 0 ? packed : inflated(packed, size);
  if (content === null)
    throw new BrokenStreamError(`npz: the archive is damaged: ${file} cannot be inflated to ${size} bytes`);
  if (crc32(content) !== crc) throw damaged(`${file} does not have its checksum`);
  return content;
}

/**
 * The inflated stream. Null if it is broken, shorter or longer; a longer one is not read to its
 * end.
 */
function inflated(packed: Uint8Array, size: number): Uint8Array | null {
  const content = new Uint8Array(size);
  let length = 0;
  let fits = true;
  const stream = new Inflate((part) => {
    fits = length + part.length <= size;
    if (fits) content.set(part, length);
    length += part.length;
  });
  try {
    for (let at = 0; fits && at < packed.length; at += CHUNK)
      stream.push(packed.subarray(at, at + CHUNK), at + CHUNK >= packed.length);
  } catch {
    return null;
  }
  return length === size ? content : null;
}

const damaged = (what: string): NpyError => npzError(`the archive is damaged: ${what}`);

const broken = (): NpyError => damaged('its directory is broken');

const zip64 = (): NpyError => npzError('expected an archive below 4 GiB, got a zip64 archive');
