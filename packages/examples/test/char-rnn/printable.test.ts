import fc from 'fast-check';
import { expect, test } from 'vitest';
import { printable, printableLine } from '../../src/char-rnn/printable.ts';

test('control characters are shown by their pictures, and others that are no text by the replacement character', () => {
  expect(printable('a\x1b[2Jb\rc\0d\x07')).toBe('a␛[2Jb␍c␀d␇');
  expect(printable('\x7f\x9b\u202e\u2066\ufeff\u2028\ud800')).toBe('␡\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd');
});

test('letters of every script, emoji, line feeds and tabs stay', () => {
  const text = 'Ahab’s\tnaïve\nкит 鯨 👩‍👩‍👧 हिन्दी';
  expect(printable(text)).toBe(text);
});

test('no text makes more than one line of a message, or leaves a control character in it', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(printableLine(text)).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}]/u);
    }),
    { seed: 1, numRuns: 1000 },
  );
});
