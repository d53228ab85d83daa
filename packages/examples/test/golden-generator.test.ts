import { expect, test } from 'vitest';
import { goldenNotebook, goldenText } from './golden-fixtures.ts';
import { draw, mulberry32 } from './golden-generator.ts';

test('The generator draws the numbers that the fixtures record', () => {
  const { draws } = goldenText();
  const uniform = mulberry32(draws.seed);
  expect(draws.first.map(() => uniform())).toEqual(draws.first);
});

test('Drawn weights have the standard deviation of their scale, and lie within √3 of it', () => {
  const { start, hidden } = goldenNotebook();
  const flat = draw(start, hidden, 40).weights.Whh.flat();
  const deviation = Math.sqrt(flat.reduce((sum, w) => sum + w * w, 0) / flat.length);
  expect(flat.length).toBe(hidden * hidden);
  expect(deviation).toBeCloseTo(start.scales.Whh, 2);
  expect(Math.max(...flat.map(Math.abs))).toBeLessThanOrEqual(start.scales.Whh * Math.sqrt(3));
});

test('Every character of the text has a class, and the characters are sorted by code point', () => {
  const { text, characters, ids } = goldenText();
  expect([...new Set(text)].sort().join('')).toBe(characters);
  expect(ids.map((id) => characters[id]).join('')).toBe(text);
});
