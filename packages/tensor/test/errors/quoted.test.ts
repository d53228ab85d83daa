import { expect, test } from 'vitest';
import { describeValue, quoted } from '../../src/errors.ts';

test('Quoted text is short, on one line, and without control characters', () => {
  expect(quoted('weight "a"')).toBe('"weight \\"a\\""');
  expect(quoted('värde 値 😀')).toBe('"värde 値 😀"');
  expect(quoted('\u001b[2J\n\u007f\u009b')).toBe('"\\u001b[2J\\n\\u007f\\u009b"');
  expect(quoted('\u202eabc\u2028\u200b\u{e0041}')).toBe('"\\u202eabc\\u2028\\u200b\\u{e0041}"');
  expect(quoted('a'.repeat(81))).toBe(`"${'a'.repeat(80)}…"`);
  expect(quoted(`${'a'.repeat(79)}😀!`)).toBe(`"${'a'.repeat(79)}😀…"`);
});

test('A string in place of another type is shortened in the same way, since it may be a whole file', () => {
  expect(describeValue('a\u009b')).toBe('"a\\u009b"');
  expect(describeValue('x'.repeat(10_000_000))).toBe(`"${'x'.repeat(80)}…"`);
});
