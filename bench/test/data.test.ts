import { expect, test } from 'vitest';
import { bits, draw, firstWeights, makeText, probe, transposed, VOCABULARY, Windows } from '../src/data.ts';

test('The bits are those that the Python peers compute', () => {
  // Computed by bits(seed, 3) of peers/python/common.py.
  expect([0, 1, 2].map((i) => bits(1, i))).toEqual([38592188, 2897251479, 2882871877]);
});

test('The text has 65 characters, the commoner the earlier', () => {
  const counts = new Map<number, number>();
  for (const code of makeText()) counts.set(code, (counts.get(code) ?? 0) + 1);
  expect(counts.size).toBe(VOCABULARY);
  expect(Math.min(...counts.keys())).toBe(32);
  expect(counts.get(32)! / counts.get(33)!).toBeCloseTo(2, 1);
});

test('A window follows the one before it, its targets are the inputs one later, and streams begin again at the end', () => {
  const text = makeText();
  const windows = new Windows(3, 2);
  const second = text.length / 2;
  const first = windows.next();
  expect(first.restarted).toBe(true);
  expect([...first.inputs]).toEqual([0, 1, 2].flatMap((t) => [text[t]! - 32, text[second + t]! - 32]));
  expect([...first.targets].slice(0, 4)).toEqual([...first.inputs].slice(2));
  const next = windows.next();
  expect(next.restarted).toBe(false);
  expect([...next.inputs].slice(0, 2)).toEqual([...first.targets].slice(4));

  const long = new Windows(150_000, 2);
  expect([long.next(), long.next()].map(({ restarted }) => restarted)).toEqual([true, true]);
});

test('First weights have the shapes of the model, and each transposes into its mirror', () => {
  const { Wxh, Whh, Why, table } = firstWeights(5, 3, 2);
  expect([Wxh.length, Whh.length, Why.length, table!.length]).toEqual([6, 9, 15, 10]);
  expect(firstWeights(5, 3, 0, 'gru').Whh).toHaveLength(9 * 3);
  expect(Math.max(...Why.map(Math.abs))).toBeLessThan(1 / Math.sqrt(3));
  expect([...transposed(Float64Array.from([1, 2, 3, 4, 5, 6]), 2, 3)]).toEqual([1, 4, 2, 5, 3, 6]);
});

test('Drawing picks the character whose share holds the number, and the last where rounding leaves a rest', () => {
  expect([0, 0.24, 0.25, 0.99, 1].map((u) => draw([0.25, 0.5, 0.2499], u))).toEqual([0, 0, 1, 2, 2]);
});

test('A probe has at most eight numbers, evenly spaced', () => {
  expect(probe([5, 6])).toEqual([5, 6]);
  expect(probe(Array.from({ length: 16 }, (_, i) => i))).toEqual([0, 2, 4, 6, 8, 10, 12, 14]);
});
