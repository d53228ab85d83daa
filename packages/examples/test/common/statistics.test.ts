import { expect, test } from 'vitest';
import { correlation, deviation, exponentialFit, linearFit, median } from '../../src/common/statistics.ts';

test('the deviation of a sample divides by one less than there are', () => {
  expect(deviation([2, 4, 4, 4, 5, 5, 7, 9])).toBeCloseTo(Math.sqrt(32 / 7), 12);
  expect(deviation([1, 3])).toBeCloseTo(Math.SQRT2, 12);
  expect(deviation([5])).toBe(0);
});

test('a median has as many above it as below, in whatever order values come', () => {
  expect(median([9, 1, 5])).toBe(5);
  expect(median([9, 1, 5, 7])).toBe(6);
  expect(median([10, 9, 100])).toBe(10);
  expect(median([])).toBeNaN();
});

test('a fitted line has the slope, the share of variance and the rest that are known', () => {
  const straight = linearFit([1, 2, 3].map((x) => [x, 3 - 2 * x] as const));
  expect([straight.slope, straight.intercept, straight.r2]).toEqual([-2, 3, 1]);
  expect(straight.rms).toBeCloseTo(0, 12);
  // Symmetric about the middle: no line helps.
  const bent = linearFit([0, 1, 1, 0].map((y, x) => [x, y] as const));
  expect([bent.slope, bent.r2, bent.rms]).toEqual([0, 0, 0.5]);
  // y = x plus residuals that are orthogonal to 1 and to x: Σ r² = 4 beside Σ (x − x̄)² = 5.
  const noisy = linearFit([1, 0, 1, 4].map((y, x) => [x, y] as const));
  expect(noisy.slope).toBeCloseTo(1, 12);
  expect(noisy.r2).toBeCloseTo(5 / 9, 12);
  expect(noisy.rms).toBeCloseTo(1, 12);
});

test('an exponential’s rate is what y is multiplied by: below 1 where it falls, above where it grows', () => {
  const of = (rate: number): (readonly [number, number])[] =>
    [0, 1, 3, 4].map((x) => [x, 7 * rate ** x] as const);
  expect(exponentialFit(of(0.8)).rate).toBeCloseTo(0.8, 12);
  expect(exponentialFit(of(1.3)).rate).toBeCloseTo(1.3, 12);
  expect(exponentialFit([...of(0.8), [9, 0]]).rate).toBeCloseTo(0.8, 12);
});

test('a correlation is 1 or −1 on a line, and 0 where one of the two does not vary', () => {
  expect(correlation([1, 2, 4], [3, 5, 9])).toBeCloseTo(1, 12);
  expect(correlation([1, 2, 4], [-3, -5, -9])).toBeCloseTo(-1, 12);
  expect(correlation([1, 2, 4], [7, 7, 7])).toBe(0);
});
