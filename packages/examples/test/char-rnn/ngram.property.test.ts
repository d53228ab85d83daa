import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bits, chance, chanceByDefinition, counted } from './ngrams.ts';

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
      const model = counted(Int32Array.from(text), vocabularySize, order);
      for (let shorter = 1; shorter <= order; shorter++) {
        let sum = 0;
        for (let character = 0; character < vocabularySize; character++) {
          const probability = chance(model, context, character, shorter);
          expect(probability).toBeGreaterThan(0);
          sum += probability;
        }
        expect(sum).toBeCloseTo(1, 12);
      }
    }),
    { seed: 1, numRuns: 300 },
  );
});

test('bits per character are the mean of −log2 of the probabilities of the definition', () => {
  fc.assert(
    fc.property(cases, ({ vocabularySize, order, text, context, heldOut }) => {
      fc.pre(heldOut.length > 0);
      const model = counted(Int32Array.from(text), vocabularySize, order);
      const each = heldOut.map((character, i) => {
        const before = [...context, ...heldOut.slice(0, i)];
        return Math.log2(chanceByDefinition({ text, vocabularySize, order }, before, character));
      });
      const mean = -each.reduce((a, b) => a + b, 0) / heldOut.length;
      expect(bits(model, heldOut, context)).toBeCloseTo(mean, 12);
    }),
    { seed: 1, numRuns: 300 },
  );
});

test('a model of a higher order, asked for a lower one, answers as a model of that order', () => {
  fc.assert(
    fc.property(cases, ({ vocabularySize, order, text, context }) => {
      const higher = counted(Int32Array.from(text), vocabularySize, order + 2);
      const own = counted(Int32Array.from(text), vocabularySize, order);
      expect(chance(higher, context, 0, order)).toBe(chance(own, context, 0));
    }),
    { seed: 1, numRuns: 300 },
  );
});
