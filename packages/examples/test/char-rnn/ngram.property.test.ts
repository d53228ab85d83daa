import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bitsPerCharacter, ngramProbability, trainNgram } from '../../src/char-rnn/ngram.ts';

const cases = fc
  .record({ vocabularySize: fc.integer({ min: 1, max: 9 }), order: fc.integer({ min: 1, max: 5 }) })
  .chain(({ vocabularySize, order }) => {
    const text = fc.array(fc.nat({ max: vocabularySize - 1 }), { maxLength: 60 });
    return fc.record({
      vocabularySize: fc.constant(vocabularySize),
      order: fc.constant(order),
      text,
      context: text,
      heldOut: text,
    });
  });

test('after any context the probabilities over the vocabulary are positive and sum to 1', () => {
  fc.assert(
    fc.property(cases, ({ vocabularySize, order, text, context }) => {
      const model = trainNgram(Int32Array.from(text), vocabularySize, order);
      for (let shorter = 1; shorter <= order; shorter++) {
        let sum = 0;
        for (let character = 0; character < vocabularySize; character++) {
          const probability = ngramProbability(model, context, character, shorter);
          expect(probability).toBeGreaterThan(0);
          sum += probability;
        }
        expect(sum).toBeCloseTo(1, 12);
      }
    }),
    { seed: 1, numRuns: 300 },
  );
});

test('bits per character are the mean of −log2 of the single probabilities', () => {
  fc.assert(
    fc.property(cases, ({ vocabularySize, order, text, context, heldOut }) => {
      fc.pre(heldOut.length > 0);
      const model = trainNgram(Int32Array.from(text), vocabularySize, order);
      const bits = heldOut.map((character, i) =>
        Math.log2(ngramProbability(model, [...context, ...heldOut.slice(0, i)], character)),
      );
      const mean = -bits.reduce((a, b) => a + b, 0) / heldOut.length;
      const measured = bitsPerCharacter(model, Int32Array.from(heldOut), Int32Array.from(context));
      expect(measured).toBeCloseTo(mean, 12);
    }),
    { seed: 1, numRuns: 300 },
  );
});

test('a model of a higher order, asked for a lower one, answers as a model of that order', () => {
  fc.assert(
    fc.property(cases, ({ vocabularySize, order, text, context }) => {
      const higher = trainNgram(Int32Array.from(text), vocabularySize, order + 2);
      const own = trainNgram(Int32Array.from(text), vocabularySize, order);
      expect(ngramProbability(higher, context, 0, order)).toBe(ngramProbability(own, context, 0));
    }),
    { seed: 1, numRuns: 300 },
  );
});
