import fc from 'fast-check';
import { expect, test } from 'vitest';
import { printable, printableLine, wrapForTerminal, wrapLine } from '../../src/cli/sanitize-terminal.ts';

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

test('A message of any length is shown on one line that fits a screen: its beginning and its end', () => {
  const shown = printableLine(`begin ${'x'.repeat(1e6)} end`);
  expect(shown.length).toBeLessThan(1_010);
  expect(shown).toMatch(/^begin x+ … x+ end$/);
});

test('Lines are wrapped at blanks on a terminal alone; a word that is longer stays whole', () => {
  const terminal = (columns: number) => ({ isTTY: true, columns });
  const text = 'one two three\nfour';
  expect(wrapForTerminal(text, terminal(7))).toBe('one two\nthree\nfour');
  expect(wrapForTerminal(text, { columns: 7 })).toBe(text);
  expect(wrapForTerminal('a/very/long/path is long', terminal(6))).toBe('a/very/long/path\nis\nlong');
  expect(wrapForTerminal('exactly', terminal(7))).toBe('exactly');
});

test('Lines of a paragraph are broken between words, and later ones are indented', () => {
  expect(wrapLine('one two three four', 9, 2)).toEqual(['one two', '  three', '  four']);
  expect(wrapLine('  kept', 80)).toEqual(['  kept']);
  expect(wrapLine('averyverylongword b', 5)).toEqual(['averyverylongword', 'b']);
  expect(wrapLine('a averyverylongword b', 5, 8)).toEqual(['a', '        averyverylongword', '        b']);
});
