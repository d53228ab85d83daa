/** Text as UTF-8, and bytes that are invalid. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bytesOf, textOf } from '../../../src/data/text/utf8.ts';

test('Bytes are read as TextDecoder reads them, except those of lone surrogates', () => {
  const bytes = fc.array(
    fc.oneof(fc.integer({ min: 0, max: 255 }), fc.constantFrom(0xe0, 0xf0, 0xf4, 0x80, 0xbf, 0xa0)),
    {
      maxLength: 12,
    },
  );
  fc.assert(
    fc.property(bytes, (list) => {
      fc.pre(!list.includes(0xed));
      expect(textOf(list)).toBe(new TextDecoder('utf-8', { ignoreBOM: true }).decode(Uint8Array.from(list)));
    }),
    { seed: 1, numRuns: 500 },
  );
});

test('The first and the last character of each length have the bytes that TextEncoder gives them', () => {
  for (const point of [0, 0x7f, 0x80, 0x7ff, 0x800, 0xffff, 0x10000, 0x3ffff, 0x40000, 0x10ffff]) {
    const character = String.fromCodePoint(point);
    expect(bytesOf(character)).toEqual([...new TextEncoder().encode(character)]);
    expect(textOf(bytesOf(character))).toBe(character);
  }
});

test('Every first byte with every second one is read as TextDecoder reads it, cut short or not', () => {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  const decoded = (bytes: number[]): string => decoder.decode(Uint8Array.from(bytes));
  for (let lead = 0; lead < 256; lead++) {
    if (lead === 0xed) continue; // the bytes of lone surrogates
    for (let second = 0; second < 256; second++) {
      const bytes = [lead, second, 0x80, 0xbf, 0x41];
      if (textOf(bytes) !== decoded(bytes)) expect(textOf(bytes), String(bytes)).toBe(decoded(bytes));
    }
    for (const rest of [[], [0xbf], [0x80], [0xa0, 0x80], [0xa0, 0xbf], [0xa0, 0xc0], [0x90, 0x80, 0x7f]])
      expect(textOf([lead, ...rest])).toBe(decoded([lead, ...rest]));
  }
});
