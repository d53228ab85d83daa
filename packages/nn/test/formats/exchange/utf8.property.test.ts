import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeUtf8, encodeUtf8, isWellFormed } from '../../../src/formats/exchange/utf8.ts';

const CASES = { seed: 1, numRuns: 2000 };

test('well-formed text is encoded as the platform encodes it, and decoded back', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (text) => {
      expect(isWellFormed(text)).toBe(true);
      expect(encodeUtf8(text)).toEqual(new Uint8Array(new TextEncoder().encode(text)));
      expect(decodeUtf8(encodeUtf8(text))).toBe(text);
    }),
    CASES,
  );
});

test('any bytes are decoded as the platform decodes them, or throw where it throws', () => {
  const nearUtf8 = fc
    .tuple(fc.string({ unit: 'binary', maxLength: 8 }), fc.nat(), fc.nat({ max: 255 }))
    .map(([text, at, byte]) => {
      const bytes = new TextEncoder().encode(text);
      if (bytes.length > 0) bytes[at % bytes.length] = byte;
      return bytes;
    });
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array({ maxLength: 6 }), nearUtf8), (bytes) => {
      expect(decodeUtf8(bytes)).toBe(platformDecoded(bytes));
    }),
    { seed: 1, numRuns: 20_000 },
  );
});

test('a text longer than the pieces it is put together from comes back whole', () => {
  const text = 'aä€😀'.repeat(5000);
  expect(decodeUtf8(encodeUtf8(text)) === text).toBe(true);
});

test('half a surrogate pair is not well-formed', () => {
  expect(['\ud800', 'a\udc00', '\udc00\ud800', '\ud83d\ude00'].map(isWellFormed)).toEqual([
    false,
    false,
    false,
    true,
  ]);
});

function platformDecoded(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}
