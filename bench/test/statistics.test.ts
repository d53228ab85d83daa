import fc from 'fast-check';
import { expect, test } from 'vitest';
import { disagreement, median, ratioOf, spreadOf } from '../src/statistics.ts';

const positive = fc.double({ min: 1e-3, max: 1e6, noNaN: true });
const values = fc.array(positive, { minLength: 1, maxLength: 9 });

test('The median has as many values below it as above it, whatever their order', () => {
  fc.assert(
    fc.property(values, (some) => {
      const middle = median(some);
      const below = some.filter((value) => value < middle).length;
      const above = some.filter((value) => value > middle).length;
      expect(Math.max(below, above)).toBeLessThanOrEqual(some.length / 2);
      expect(median(some.toReversed())).toBe(middle);
    }),
    { seed: 1, numRuns: 200 },
  );
  expect(median([3, 1, 2])).toBe(2);
  expect(median([4, 1])).toBe(2.5);
});

test('The spread is the largest distance from the median, as a share of it', () => {
  expect(spreadOf([9, 10, 12])).toBeCloseTo(0.2, 12);
  expect(spreadOf([5])).toBe(0);
});

test('A ratio above 1 says that ours is better, whichever way the unit runs', () => {
  fc.assert(
    fc.property(values, positive, (theirs, factor) => {
      const ours = theirs.map((value) => value * factor);
      expect(ratioOf(ours, theirs, 'higher')).toBeCloseTo(factor, 6);
      expect(ratioOf(ours, theirs, 'lower') * factor).toBeCloseTo(1, 6);
    }),
    { seed: 1, numRuns: 200 },
  );
});

test('A round that slows everybody leaves the ratio alone', () => {
  expect(ratioOf([20, 2, 20], [10, 1, 10], 'higher')).toBe(2);
});

test('Numbers agree within the tolerance of the largest of them, and a disagreement names the worst', () => {
  expect(disagreement([4, 1e-9], [4, 0], 1e-9)).toBeNull();
  expect(disagreement([4, 2.1], [4, 2], 1e-3)).toContain('number 1: expected 2, got 2.1');
  expect(disagreement([1], [1, 2], 1e-3)).toContain('expected 2 numbers, got 1');
});

test('A NaN never agrees', () => {
  expect(disagreement([Number.NaN, 1], [1, 1], 1e-3)).toContain('number 0: expected 1, got NaN');
});
