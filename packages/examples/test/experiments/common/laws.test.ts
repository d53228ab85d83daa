import { expect, test } from 'vitest';
import { lawsOf } from '../../../src/experiments/common/laws.ts';

const LENGTHS = [5, 10, 15, 25, 50, 75, 100];
const along = (law: (x: number) => number): (readonly [number, number])[] => LENGTHS.map((x) => [x, law(x)]);

test('the law that made the points is met, and its numbers are found', () => {
  const exponential = lawsOf(along((x) => 3 * 0.9 ** x));
  expect(exponential.exponential.rate).toBeCloseTo(0.9, 10);
  expect(exponential.exponential.off).toBeCloseTo(1, 10);
  expect(exponential.stretched.exponent).toBeCloseTo(1, 6);
  expect(exponential.power.off).toBeGreaterThan(2);
  const power = lawsOf(along((x) => 5 * x ** -2));
  expect(power.power.exponent).toBeCloseTo(-2, 10);
  expect(power.power.off).toBeCloseTo(1, 10);
  expect(power.exponential.off).toBeGreaterThan(1.5);
});

test.each([0.5, 0.7, 1.3, 2])('a stretched exponential’s exponent of %f is found', (a) => {
  const { stretched, exponential } = lawsOf(along((x) => 2 * Math.exp(-0.3 * x ** a)));
  expect(stretched.exponent).toBeCloseTo(a, 3);
  expect(stretched.off).toBeLessThan(1.001);
  expect(exponential.off).toBeGreaterThan(1.05);
});

test('a law is off by e to the root mean square of what is left of log y', () => {
  const left = [0.2, -0.2, -0.2, 0.2]; // orthogonal to 1 and to x
  const points = left.map((rest, i) => [i + 1, Math.exp(-0.5 * i + rest)] as const);
  expect(lawsOf(points).exponential.off).toBeCloseTo(Math.exp(0.2), 10);
  expect(lawsOf(points).exponential.rate).toBeCloseTo(Math.exp(-0.5), 10);
});

test('R² alone does not tell laws apart: it is above 0.9 for exponents from 0.5 to 1.5', () => {
  for (const a of [0.5, 1, 1.5])
    expect(lawsOf(along((x) => Math.exp(-(x ** a)))).exponential.r2).toBeGreaterThan(0.9);
});
