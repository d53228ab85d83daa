import { expect, test } from 'vitest';
import { derivative, formulas, type Line, refined } from '../../src/gradcheck/finite-differences.ts';

/** Powers 1, t, t², …, t⁶ along a line. */
const powers: Line = (t) => Float64Array.from({ length: 7 }, (_, power) => t ** power);

test('central differences are exact up to t², and wrong by h² for t³', () => {
  const [constant, linear, square, cube] = derivative(powers, 0.5, 'central');
  expect([constant, linear, square, cube]).toEqual([0, 1, 0, 0.25]);
});

test('five-point differences are exact up to t⁴, and wrong by 4h⁴ for t⁵', () => {
  const slopes = derivative(powers, 0.5, 'five-point');
  [0, 1, 0, 0, 0, -4 / 16].forEach((slope, power) => {
    expect(slopes[power]).toBeCloseTo(slope, 15);
  });
});

test.each(['central', 'five-point'] as const)(
  'where the first step of %s differences is no good, a better one is found',
  (method) => {
    const h = formulas[method].step;
    const value = (t: number): Float64Array =>
      Float64Array.of(
        Math.log(3e-5 + t), // a pole closer than the steps are long
        Math.max(t + 1e-5, 0) * 2, // a kink as close
        // noise like the rounding of a long computation
        Math.exp(t) + 1e-13 * Math.sin(1e9 * t),
      );
    const slopes = refined(value, h, method, derivative(value, h, method), value(0));
    expect(slopes[0]! * 3e-5).toBeCloseTo(1, 6);
    expect(slopes[1]).toBeCloseTo(2, 9);
    expect(slopes[2]).toBeCloseTo(1, 8);
  },
);
