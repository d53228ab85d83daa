/**
 * Bytes from two lower-case hexadecimal digits each. The modules are embedded so, and not in
 * base64, since gzip finds their repeated bytes again only where every byte begins at a digit: a
 * quarter less to download.
 */
export function decodeHex(text: string): Uint8Array {
  const values = new Uint8Array(128);
  for (let i = 0; i < 16; i++) values['0123456789abcdef'.charCodeAt(i)] = i;
  const digit = (i: number): number => values[text.charCodeAt(i)]!;
  const length = text.length / 2;
  const bytes = new Uint8Array(length);
  for (let i = 0; i < length; i++) bytes[i] = (digit(2 * i) << 4) | digit(2 * i + 1);
  return bytes;
}
