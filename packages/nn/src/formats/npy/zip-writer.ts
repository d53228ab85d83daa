/** Writing zip archives, as NumPy reads them: stored or deflated files, below 4 GiB. */
import { quoted } from '@chronograd/tensor/engine';
import { deflateSync } from 'fflate';
import { encodeUtf8, isWellFormed } from '../safetensors/utf8.ts';
import { crc32 } from './crc32.ts';
import { NpyError } from './format.ts';
import { CENTRAL, END, END_BYTES, LOCAL } from './zip-reader.ts';

const UTF8_NAME = 0x800;
/** 1 January 1980, the format's zero: the same files give the same bytes. */
const DATE = 0x0021;

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
