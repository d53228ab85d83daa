/** A text file of the user, for `--text`. */
import { isUtf8 } from 'node:buffer';
import { UsageError } from '../../cli/errors.ts';
import { readInParts } from '../../cli/read-file.ts';

/** A part of a text. */
export interface TextPart {
  /** Whole characters. */
  readonly text: string;
  /** Bytes of the file up to the end of this part, and in all. */
  readonly end: number;
  readonly size: number;
}

/**
 * The text of a UTF-8 file, without its byte order mark, in parts.
 * @param partBytes the bytes of a part. Default: 4 MiB
 * @throws UsageError if it cannot be read, is empty, or is not UTF-8 (with the offset)
 */
export function* readTextParts(file: string, partBytes?: number): Generator<TextPart, void, void> {
  let rest: Uint8Array = new Uint8Array(0);
  let isEmpty = true;
  let hadBytes = false;
  for (const { bytes, end, size } of readInParts(file, 'the text', partBytes)) {
    hadBytes = true;
    const joined = Buffer.concat([rest, bytes]);
    const cut = end < size ? wholeCharacters(joined) : joined.length;
    const text = decodeUtf8(joined.subarray(0, cut), file, end - joined.length);
    rest = joined.subarray(cut);
    if (text !== '') isEmpty = false;
    yield { text, end, size };
  }
  if (!hadBytes) throw new UsageError(`the text ${file} is empty`);
  if (isEmpty) throw new UsageError(`the text ${file} is empty but for a byte order mark`);
}

/** The bytes before the last character, which may continue after them. */
function wholeCharacters(bytes: Uint8Array): number {
  let last = bytes.length - 1;
  while (last > 0 && ((bytes[last] as number) & 0xc0) === 0x80 && last > bytes.length - 4) last--;
  return last;
}

/** @param offset of the bytes in the file. A byte order mark at its start is removed. */
function decodeUtf8(bytes: Uint8Array, file: string, offset: number): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: offset > 0 }).decode(bytes);
  } catch {
    const [first, second] = bytes;
    const marked = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
    const utf16 = offset === 0 && marked;
    const encoding = utf16 ? 'UTF-16' : 'ISO-8859-1';
    const where = firstInvalid(bytes);
    const cure = `iconv -f ${encoding} -t UTF-8 would convert it${utf16 ? '' : ' if that is its encoding'}`;
    throw new UsageError(
      `the text ${file} is not UTF-8 (byte ${hex(bytes[where])} at offset ${offset + where}): ${cure}`,
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
