import { expect, test } from 'vitest';
import {
  frequencies,
  letterEntropy,
  stretchVariations,
  variation,
} from '../../../src/experiments/common/letters.ts';

test('shares are of all characters, by their numbers', () => {
  expect(frequencies(Int32Array.of(0, 2, 2, 0, 2, 2, 2, 2), 4)).toEqual([0.25, 0, 0.75, 0]);
});

test('the entropy of letters is in nats: ln n where n are equally common, 0 where there is one', () => {
  expect(letterEntropy(Int32Array.of(0, 1, 2, 3), 4)).toBeCloseTo(Math.log(4), 12);
  expect(letterEntropy(Int32Array.of(2, 2), 4)).toBeCloseTo(0, 12);
  expect(letterEntropy(Int32Array.of(0, 1, 1, 1), 2)).toBeCloseTo(
    -0.25 * Math.log(0.25) - 0.75 * Math.log(0.75),
    12,
  );
});

test('total variation is 0 where shares agree, 1 where nothing is shared, and the share that would have to move in between', () => {
  expect(variation([0.2, 0.8], [0.2, 0.8])).toBe(0);
  expect(variation([1, 0], [0, 1])).toBe(1);
  expect(variation([0.5, 0.5, 0], [0.25, 0.5, 0.25])).toBe(0.25);
});

test('stretches of a text are held against the whole, from its beginning to its end', () => {
  // A text of two halves: a stretch in one of them shares half with the whole, one in the middle
  // all.
  const text = Int32Array.from({ length: 40 }, (_, i) => (i < 20 ? 0 : 1));
  expect(stretchVariations(text, 2, 10, 3)).toEqual([0.5, 0, 0.5]);
  expect(stretchVariations(text, 2, 10, 1)).toEqual([0.5]);
  expect(stretchVariations(text, 2, 40, 2)).toEqual([0, 0]);
});
