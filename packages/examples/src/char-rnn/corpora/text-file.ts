/** A text file of the user, for `--text`. */
import { isUtf8 } from 'node:buffer';
import { UsageError } from '../../cli/errors.ts';
import { readRegularFile } from '../../cli/read-file.ts';

/**
 * The text of a UTF-8 file, without its byte order mark.
 * @throws UsageError if it cannot be read, is empty, or is not UTF-8 (with the offset)
 */
export function readTextFile(file: string): string {
  const bytes = readRegularFile(file, 'the text');
  if (bytes.length === 0) throw new UsageError(`the text ${file} is empty`);
  const text = decodeUtf8(bytes, file);
  if (text === '') throw new UsageError(`the text ${file} is empty but for a byte order mark`);
  return text;
}

function decodeUtf8(bytes: Uint8Array, file: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    const utf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
    const encoding = utf16 ? 'UTF-16' : 'ISO-8859-1';
    const where = firstInvalid(bytes);
    const cure = `iconv -f ${encoding} -t UTF-8 would convert it${utf16 ? '' : ' if that is its encoding'}`;
    throw new UsageError(
      `the text ${file} is not UTF-8 (byte ${hex(bytes[where])} at offset ${where}): ${cure}`,
    );
  }
}

/** Where the first invalid character begins. Bisection, since the decoder does not report it. */
function firstInvalid(bytes: Uint8Array): number {
  let valid = 0;
  let invalid = bytes.length + 1;
  while (invalid - valid > 1) {
    const middle = (valid + invalid) >> 1;
    if (isUtf8Start(bytes.subarray(0, middle))) valid = middle;
    else invalid = middle;
  }
  // The valid start may end within a character. Then that character is the invalid one.
  while (!isUtf8(bytes.subarray(0, valid))) valid--;
  return valid;
}

function isUtf8Start(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
    return true;
  } catch {
    return false;
  }
}

function hex(byte: number | undefined): string {
  return `0x${(byte ?? 0).toString(16).toUpperCase().padStart(2, '0')}`;
}
