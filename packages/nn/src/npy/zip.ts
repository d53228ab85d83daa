/** Zip archives (PKWARE's APPNOTE 6.3), as far as NumPy writes them: stored or deflated files, no encryption, below 4 GiB. */
import { deflateSync, inflateSync } from 'fflate';
import { quoted } from '../exchange/elements.ts';
import { decodeUtf8, encodeUtf8, isWellFormed } from '../safetensors/utf8.ts';
import { crc32 } from './crc32.ts';
import { NpyError } from './format.ts';

const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
const END_BYTES = 22;
/** Deflate makes at most 1,032 bytes out of one. */
const MOST_RATIO = 1032;
const UTF8_NAME = 0x800;
/** 1 January 1980, the format's zero: the same files give the same bytes. */
const DATE = 0x0021;

/** The files of an archive in the order of its directory. @throws NpyError for what is damaged, or beyond what this reader knows */
export function readZip(bytes: Uint8Array): ReadonlyMap<string, Uint8Array> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = findEnd(view);
  const count = view.getUint16(end + 10, true);
  const directory = view.getUint32(end + 16, true);
  if (count === 0xffff || directory === 0xffffffff)
    throw new NpyError('npz: a zip64 archive came, one below 4 GiB was expected');
  const files = new Map<string, Uint8Array>();
  const ranges: [begin: number, end: number][] = [];
  let at = directory;
  for (let i = 0; i < count; i++) {
    if (at + 46 > end || view.getUint32(at, true) !== CENTRAL) throw damaged('its directory is broken');
    const entry = readEntry(bytes, view, at, directory);
    if (files.has(entry.name)) throw damaged(`it has the file ${quoted(entry.name)} twice`);
    ranges.push([entry.begin, entry.begin + entry.packed.length]);
    files.set(entry.name, unpacked(entry));
    at += 46 + view.getUint16(at + 28, true) + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  ranges.sort(([a], [b]) => a - b);
  if (ranges.some(([begin], i) => i > 0 && begin < (ranges[i - 1] as [number, number])[1]))
    throw damaged('two of its files share bytes');
  return files;
}

interface Entry {
  readonly name: string;
  readonly method: number;
  readonly crc: number;
  readonly size: number;
  readonly begin: number;
  readonly packed: Uint8Array;
}

/** The end record stands last, before a comment of at most 65,535 bytes. */
function findEnd(view: DataView): number {
  const first = Math.max(0, view.byteLength - END_BYTES - 0xffff);
  for (let at = view.byteLength - END_BYTES; at >= first; at--)
    if (
      view.getUint32(at, true) === END &&
      at + END_BYTES + view.getUint16(at + 20, true) === view.byteLength
    )
      return at;
  throw damaged('no directory stands at its end');
}

function readEntry(bytes: Uint8Array, view: DataView, at: number, directory: number): Entry {
  const flags = view.getUint16(at + 8, true);
  const packedSize = view.getUint32(at + 20, true);
  const local = view.getUint32(at + 42, true);
  const name = decodeUtf8(bytes.subarray(at + 46, at + 46 + view.getUint16(at + 28, true)));
  if (name === null) throw damaged('a name in it is not UTF-8');
  if (flags & 1) throw new NpyError(`npz: the file ${quoted(name)} is encrypted`);
  if (local + 30 > directory || view.getUint32(local, true) !== LOCAL)
    throw damaged(`the file ${quoted(name)} is not where its directory says`);
  const begin = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
  if (begin + packedSize > directory) throw damaged(`the file ${quoted(name)} is cut short`);
  return {
    name,
    method: view.getUint16(at + 10, true),
    crc: view.getUint32(at + 16, true),
    size: view.getUint32(at + 24, true),
    begin,
    packed: bytes.subarray(begin, begin + packedSize),
  };
}

function unpacked({ name, method, crc, size, packed }: Entry): Uint8Array {
  if (method !== 0 && method !== 8)
    throw new NpyError(
      `npz: the file ${quoted(name)} is packed by method ${method}, expected 0 (stored) or 8 (deflated)`,
    );
  if (method === 0 ? size !== packed.length : size > packed.length * MOST_RATIO)
    throw damaged(`the file ${quoted(name)} cannot have ${size} bytes`);
  const content = method === 0 ? packed : inflated(name, packed, size);
  if (content.length !== size || crc32(content) !== crc)
    throw damaged(`the file ${quoted(name)} does not have its checksum`);
  return content;
}

function inflated(name: string, packed: Uint8Array, size: number): Uint8Array {
  try {
    return inflateSync(packed, { out: new Uint8Array(size) });
  } catch {
    throw damaged(`the file ${quoted(name)} cannot be inflated`);
  }
}

function damaged(what: string): NpyError {
  return new NpyError(`npz: the archive is damaged: ${what}`);
}

/** The bytes of an archive. @param compress deflates the files. @throws NpyError past 4 GiB or 65,534 files, and for a name that is no Unicode */
export function writeZip(files: ReadonlyMap<string, Uint8Array>, compress: boolean): Uint8Array {
  const parts: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let at = 0;
  for (const [name, content] of files) {
    if (!isWellFormed(name)) throw new NpyError(`npz: the name ${quoted(name)} is no valid Unicode`);
    const bytes = encodeUtf8(name);
    const packed = compress ? deflateSync(content) : content;
    // What both headers have in common: version, flags, method, time, date, checksum, sizes, length of the name, no extra field.
    const shared = record(26, [
      [2, 20],
      [2, UTF8_NAME],
      [2, compress ? 8 : 0],
      [2, 0],
      [2, DATE],
      [4, crc32(content)],
      [4, packed.length],
      [4, content.length],
      [2, bytes.length],
      [2, 0],
    ]);
    parts.push(record(4, [[4, LOCAL]]), shared, bytes, packed);
    directory.push(
      record(6, [
        [4, CENTRAL],
        [2, 20],
      ]),
      shared,
      record(14, [
        [10, 0],
        [4, at],
      ]),
      bytes,
    );
    at += 30 + bytes.length + packed.length;
  }
  const size = directory.reduce((sum, { length }) => sum + length, 0);
  if (at + size > 0xfffffffe || files.size > 0xfffe)
    throw new NpyError(
      `npz: ${files.size} arrays of ${at} bytes came, less than 4 GiB and 65,535 were expected`,
    );
  const end = record(END_BYTES, [
    [4, END],
    [4, 0],
    [2, files.size],
    [2, files.size],
    [4, size],
    [4, at],
    [2, 0],
  ]);
  return joined([...parts, ...directory, end]);
}

/** Little-endian fields one after the other. */
function record(length: number, fields: readonly (readonly [bytes: number, value: number])[]): Uint8Array {
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const [size, value] of fields) {
    for (let i = 0; i < Math.min(size, 4); i++) bytes[at + i] = value >>> (8 * i);
    at += size;
  }
  return bytes;
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
