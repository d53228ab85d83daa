/** Strict UTF-8 (RFC 3629). Core packages cannot rely on TextEncoder and TextDecoder. */

/** The least code point that needs as many continuation bytes as the index. */
const LEAST: readonly number[] = [0, 0x80, 0x800, 0x10000];
/** Code points per `String.fromCodePoint`: argument lists are limited. */
const CHUNK = 4096;

/**
 * The text of the bytes. Null if they are not UTF-8, which includes overlong forms, surrogates and
 * code points past U+10FFFF.
 */
export function decodeUtf8(bytes: Uint8Array): string | null {
  let text = '';
  let codePoints: number[] = [];
  for (let i = 0; i < bytes.length; ) {
    const lead = bytes[i++] as number;
    const continuation =
      lead < 0x80 ? 0 : lead < 0xc0 ? -1 : lead < 0xe0 ? 1 : lead < 0xf0 ? 2 : lead < 0xf8 ? 3 : -1;
    if (continuation < 0) return null;
    let codePoint = continuation === 0 ? lead : lead & (0x3f >> continuation);
    for (let k = 0; k < continuation; k++) {
      const byte = bytes[i++];
      if (byte === undefined || (byte & 0xc0) !== 0x80) return null;
      codePoint = (codePoint << 6) | (byte & 0x3f);
    }
    const isSurrogate = codePoint >= 0xd800 && codePoint <= 0xdfff;
    if (codePoint < (LEAST[continuation] as number) || codePoint > 0x10ffff || isSurrogate) return null;
    if (codePoints.push(codePoint) === CHUNK) {
      text += String.fromCodePoint(...codePoints);
      codePoints = [];
    }
  }
  return text + String.fromCodePoint(...codePoints);
}

/** Whether the text has no lone surrogate. */
export function isWellFormed(text: string): boolean {
  return !/\p{Surrogate}/u.test(text);
}

/** The bytes of a well-formed text. */
export function encodeUtf8(text: string): Uint8Array {
  const bytes: number[] = [];
  for (const character of text) {
    const codePoint = character.codePointAt(0) as number;
    const continuation = codePoint < 0x80 ? 0 : codePoint < 0x800 ? 1 : codePoint < 0x10000 ? 2 : 3;
    const mark = continuation === 0 ? 0 : (0xff << (7 - continuation)) & 0xff;
    bytes.push(mark | (codePoint >> (6 * continuation)));
    for (let k = continuation - 1; k >= 0; k--) bytes.push(0x80 | ((codePoint >> (6 * k)) & 0x3f));
  }
  return Uint8Array.from(bytes);
}
