import { expect, test } from 'vitest';
import { listed, listedShape, quoted, shownName } from '../../src/exchange/bounded.ts';

test('Quoted text is short, on one line, and moves nothing on a terminal', () => {
  expect(quoted('weight "a"')).toBe('"weight \\"a\\""');
  expect(quoted('värde 値 😀')).toBe('"värde 値 😀"');
  expect(quoted('\u001b[2J\n\u007f\u009b')).toBe('"\\u001b[2J\\n\\u007f\\u009b"');
  expect(quoted('\u202eabc\u2028\u200b\u{e0041}')).toBe('"\\u202eabc\\u2028\\u200b\\u{e0041}"');
  expect(quoted('a'.repeat(81))).toBe(`"${'a'.repeat(80)}…"`);
  expect(quoted(`${'a'.repeat(79)}😀`)).toBe(`"${'a'.repeat(79)}\\ud83d…"`);
});

test('A name that is plain is shown as it is, any other quoted', () => {
  expect(shownName('encoder.weight_ih_l0')).toBe('encoder.weight_ih_l0');
  for (const name of ['', 'a b', 'a\n', '\u001b[2J', 'a'.repeat(81)])
    expect(shownName(name)).toBe(quoted(name));
});

test('Of a long list the first twenty are shown', () => {
  expect(listed(['a', 'b'])).toBe('a, b');
  expect(listed(Array<string>(25).fill('a'), '; ')).toBe(`${'a; '.repeat(20)}and 5 more`);
  expect(listedShape([2, 3])).toBe('[2, 3]');
  expect(listedShape(Array<number>(64).fill(1))).toContain('1, and 44 more]');
});
