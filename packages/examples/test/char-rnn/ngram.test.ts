import { expect, test } from 'vitest';
import { Rng } from '../../src/char-rnn/corpora/generated.ts';
import { loadCorpus } from '../../src/char-rnn/corpora.ts';
import { bits, chance, counted } from './ngrams.ts';

test('a model of order 1 has the probabilities worked out by hand', () => {
  // "aab" over {a, b, c}: 3 characters, 2 kinds, below them the uniform 1/3.
  const model = counted(Int32Array.of(0, 0, 1), 3, 1);
  expect(chance(model, [], 0)).toBeCloseTo((2 + 2 / 3) / 5, 14);
  expect(chance(model, [], 1)).toBeCloseTo((1 + 2 / 3) / 5, 14);
  expect(chance(model, [], 2)).toBeCloseTo(2 / 3 / 5, 14);
});

test('a model of order 2 mixes what followed the last character with the model of order 1', () => {
  // In "aab" a was followed by a once and by b once.
  const model = counted(Int32Array.of(0, 0, 1), 3, 2);
  const alone = (character: number): number => chance(model, [], character);
  expect(chance(model, [0], 0)).toBeCloseTo((1 + 2 * alone(0)) / 4, 14);
  expect(chance(model, [0], 2)).toBeCloseTo((2 * alone(2)) / 4, 14);
  // b was followed by nothing, c was never there: the shorter context decides.
  expect(chance(model, [1], 0)).toBe(alone(0));
  expect(chance(model, [2], 0)).toBe(alone(0));
});

test('the bits of a held-out text, computed by hand with and without preceding text', () => {
  const text = Int32Array.of(0, 0, 1);
  const model = counted(text, 3, 2);
  const alone = -Math.log2((2 + 2 / 3) / 5);
  expect(bits(model, [0])).toBeCloseTo(alone, 14);
  const afterA = -Math.log2((1 + (2 * (2 + 2 / 3)) / 5) / 4);
  expect(bits(model, [0], [0])).toBeCloseTo(afterA, 14);
  expect(bits(model, [0, 0])).toBeCloseTo((alone + afterA) / 2, 14);
  expect(bits(model, [0, 0], text, 1)).toBeCloseTo(alone, 14);
});

test('on text without any pattern every order is near log2 V, and none is much below', () => {
  const rng = new Rng(7);
  const text = Int32Array.from({ length: 200_000 }, () => rng.integer(8));
  const model = counted(text.subarray(0, 180_000), 8, 4);
  for (const order of [1, 2, 3, 4]) {
    const measured = bits(model, text.subarray(180_000), text.subarray(0, 180_000), order);
    expect(measured).toBeGreaterThan(2.995);
    expect(measured).toBeLessThan(3.08);
  }
});

test('a text that is all pattern costs next to nothing', () => {
  const text = Int32Array.from({ length: 10_000 }, (_, i) => i % 5);
  expect(bits(counted(text, 5, 3), text, text)).toBeLessThan(0.01);
});

test('on Moby Dick, last tenth held out, longer contexts tell more, and training and measuring take under three seconds', () => {
  const characters = [...loadCorpus('moby-dick').text];
  const vocabulary = [...new Set(characters)];
  const numberOf = new Map(vocabulary.map((character, i) => [character, i]));
  const text = Int32Array.from(characters, (character) => numberOf.get(character) ?? -1);
  const [train, heldOut] = [text.subarray(0, text.length * 0.9), text.subarray(text.length * 0.9)];
  const start = performance.now();
  const model = counted(train, vocabulary.length, 4);
  const measured = [3, 4].map((order) => bits(model, heldOut, train, order));
  expect(performance.now() - start).toBeLessThan(3000);
  expect(measured.map((value) => value.toFixed(3))).toEqual(['2.897', '2.416']);
});
