import { quoted } from '@chronograd/tensor/engine';
import { expect, test } from 'vitest';
import { listed, listedShape, shownName } from '../../../src/formats/exchange/bounded.ts';

test('A plain name is printed unchanged, any other is quoted', () => {
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
