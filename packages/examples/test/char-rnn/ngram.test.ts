import { expect, test } from 'vitest';
import { Rng } from '../../src/char-rnn/corpora/generated.ts';
import { loadCorpus } from '../../src/char-rnn/corpora.ts';
import { bitsPerCharacter, ngramProbability, trainNgram } from '../../src/char-rnn/ngram.ts';

test('a model of order 1 has the probabilities worked out by hand', () => {
  // "aab" over {a, b, c}: 3 characters, 2 kinds, below them the uniform 1/3.
  const model = trainNgram(Int32Array.of(0, 0, 1), 3, 1);
  expect(ngramProbability(model, [], 0)).toBeCloseTo((2 + 2 / 3) / 5, 15);
  expect(ngramProbability(model, [], 1)).toBeCloseTo((1 + 2 / 3) / 5, 15);
  expect(ngramProbability(model, [], 2)).toBeCloseTo(2 / 3 / 5, 15);
});

test('a model of order 2 mixes what followed the last character with the model of order 1', () => {
  // In "aab" a was followed by a once and by b once.
  const model = trainNgram(Int32Array.of(0, 0, 1), 3, 2);
  const alone = (character: number): number => ngramProbability(model, [], character);
  expect(ngramProbability(model, [0], 0)).toBeCloseTo((1 + 2 * alone(0)) / 4, 15);
  expect(ngramProbability(model, [0], 2)).toBeCloseTo((2 * alone(2)) / 4, 15);
  // b was followed by nothing, c was never there: the shorter context decides.
  expect(ngramProbability(model, [1], 0)).toBe(alone(0));
  expect(ngramProbability(model, [2], 0)).toBe(alone(0));
});

test('the bits of a held-out text, computed by hand with and without preceding text', () => {
  const text = Int32Array.of(0, 0, 1);
  const model = trainNgram(text, 3, 2);
  const alone = -Math.log2((2 + 2 / 3) / 5);
  expect(bitsPerCharacter(model, Int32Array.of(0))).toBeCloseTo(alone, 14);
  const afterA = -Math.log2((1 + (2 * (2 + 2 / 3)) / 5) / 4);
  expect(bitsPerCharacter(model, Int32Array.of(0), Int32Array.of(0))).toBeCloseTo(afterA, 14);
  expect(bitsPerCharacter(model, Int32Array.of(0, 0))).toBeCloseTo((alone + afterA) / 2, 14);
  expect(bitsPerCharacter(model, Int32Array.of(0, 0), text, 1)).toBeCloseTo(alone, 14);
});

test('on text without any pattern every order is near log2 V, and none is much below', () => {
  const rng = new Rng(7);
  const text = Int32Array.from({ length: 200_000 }, () => rng.integer(8));
  const model = trainNgram(text.subarray(0, 180_000), 8, 4);
  for (const order of [1, 2, 3, 4]) {
    const bits = bitsPerCharacter(model, text.subarray(180_000), text.subarray(0, 180_000), order);
    expect(bits).toBeGreaterThan(2.995);
    expect(bits).toBeLessThan(3.08);
  }
});

test('a text that is all pattern costs next to nothing', () => {
  const text = Int32Array.from({ length: 10_000 }, (_, i) => i % 5);
  expect(bitsPerCharacter(trainNgram(text, 5, 3), text, text)).toBeLessThan(0.01);
});

test('on Moby Dick, last tenth held out, longer contexts tell more, and training and measuring take under three seconds', () => {
  const characters = [...loadCorpus('moby-dick').text];
  const vocabulary = [...new Set(characters)];
  const numberOf = new Map(vocabulary.map((character, i) => [character, i]));
  const text = Int32Array.from(characters, (character) => numberOf.get(character) ?? -1);
  const [train, heldOut] = [text.subarray(0, text.length * 0.9), text.subarray(text.length * 0.9)];
  const start = performance.now();
  const model = trainNgram(train, vocabulary.length, 4);
  const bits = [3, 4].map((order) => bitsPerCharacter(model, heldOut, train, order));
  expect(performance.now() - start).toBeLessThan(3000);
  expect(bits.map((value) => value.toFixed(3))).toEqual(['2.897', '2.416']);
});

test('orders, characters and texts that make no sense throw an error', () => {
  const text = Int32Array.of(0, 1);
  const model = trainNgram(text, 2, 2);
  expect(() => trainNgram(text, 2, 0)).toThrow('expected a whole order from 1 on, got 0');
  expect(() => trainNgram(text, 1, 2)).toThrow('expected characters from 0 to 0, got 1');
  expect(() => bitsPerCharacter(model, Int32Array.of(2))).toThrow('expected characters from 0 to 1, got 2');
  expect(() => bitsPerCharacter(model, new Int32Array(0))).toThrow('the held-out text is empty');
  expect(() => bitsPerCharacter(model, text, text, 3)).toThrow(
    'expected an order from 1 to 2, that of the model, got 3',
  );
  expect(() => ngramProbability(model, text, 0, 3)).toThrow(
    'expected an order from 1 to 2, that of the model, got 3',
  );
});
