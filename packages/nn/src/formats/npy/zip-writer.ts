/** Writing zip archives that NumPy reads: stored or deflated files, below 4 GiB. */
import { quoted } from '@chronograd/tensor/engine';
import { deflateSync } from 'fflate';
import { concatBytes } from '../exchange/entries.ts';
import { encodeUtf8, isWellFormed } from '../exchange/utf8.ts';
import { crc32 } from './crc32.ts';
import { npzError } from './format.ts';
import { CENTRAL, END, LOCAL } from './zip-reader.ts';

const UTF8_NAME = 0x800;
/** 1 January 1980, the zero of the format: equal files give equal bytes. */
const DATE = 0x0021;

/**
 * The bytes of an archive.
 * @param compress deflate the files
 * @throws NpyError past 4 GiB or 65,534 files, and for a name that is not valid Unicode
 */
export function writeZip(files: ReadonlyMap<string, Uint8Array>, compress: boolean): Uint8Array {
  const parts: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let at = 0;
  for (const [name, content] of files) {
    if (!isWellFormed(name)) throw npzError(`the name ${quoted(name)} is not valid Unicode`);
    const bytes = encodeUtf8(name);
    const packed = compress ? deflateSync(content) : content;
    // Fields of both headers: version, flags, method, time, date; checksum, sizes; length of the
    // name, no extra field.
    const shared = concatBytes([
      u16(20, UTF8_NAME, compress ? 8 : 0, 0, DATE),
      u32(crc32(content), packed.length, content.length),
      u16(bytes.length, 0),
    ]);
    parts.push(u32(LOCAL), shared, bytes, packed);
    directory.push(u32(CENTRAL), u16(20), shared, u16(0, 0, 0, 0, 0), u32(at), bytes);
    at += 30 + bytes.length + packed.length;
  }
  const size = directory.reduce((sum, { length }) => sum + length, 0);
  if (at + size > 0xfffffffe || files.size > 0xfffe)
    throw npzError(`expected less than 65,535 arrays and 4 GiB, got ${files.size} arrays of ${at} bytes`);
  const end = [u32(END, 0), u16(files.size, files.size), u32(size, at), u16(0)];
  return concatBytes([...parts, ...directory, ...end]);
}

/** Little-endian fields of two bytes. */
const u16 = (...values: number[]): Uint8Array =>
  Uint8Array.from(values.flatMap((value) => [value, value >>> 8]));

/** Little-endian fields of four bytes. */
const u32 = (...values: number[]): Uint8Array => u16(...values.flatMap((value) => [value, value >>> 16]));
