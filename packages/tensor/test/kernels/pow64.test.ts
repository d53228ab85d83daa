/**
 * The special cases of power, as the array API standard lists them, and powers that a double holds
 * exactly.
 */
import { expect, test } from 'vitest';
import { pow64 } from '../../src/kernels/reference/math64.ts';

const { NaN: nan, POSITIVE_INFINITY: inf } = Number;
const show = (x: number): string => (Object.is(x, -0) ? '-0' : `${x}`);

function each(xs: readonly number[], ys: readonly number[], expected: number): void {
  for (const x of xs) {
    for (const y of ys) expect(pow64(x, y), `${show(x)} to the power ${show(y)}`).toBe(expected);
  }
}

const odd = [1, 3, 5, 4503599627370497, 9007199254740991];
const evenOrFraction = [0.5, 2, 2.5, 1e-300, 9007199254740992, 1e300];
const minus = (values: readonly number[]): number[] => values.map((v) => -v);
const anything = [nan, inf, -inf, 0, -0, 1, -1, 2.5, -2.5, 5e-324, 1e308];

test('the power zero gives 1, and so does the base 1, even with NaN', () => {
  each(anything, [0, -0], 1);
  each([1], anything, 1);
});

test('NaN in gives NaN out otherwise', () => {
  each([nan], [1, -1, 0.5, inf, -inf, nan], nan);
  each([0, -0, 2, -2, -1, inf, -inf], [nan], nan);
});

test('an infinite power gives zero, one or infinity by the magnitude of the base', () => {
  each([1.0000000000000002, 2, inf, -2, -inf], [inf], inf);
  each([1.0000000000000002, 2, inf, -2, -inf], [-inf], 0);
  each([0.9999999999999999, 5e-324, 0, -0, -0.5], [inf], 0);
  each([0.9999999999999999, 5e-324, 0, -0, -0.5], [-inf], inf);
  each([-1], [inf, -inf], 1);
});

test('zero and infinity keep their sign under odd integers only', () => {
  each([0], [...odd, ...evenOrFraction], 0);
  each([0], minus([...odd, ...evenOrFraction]), inf);
  each([-0], odd, -0);
  each([-0], evenOrFraction, 0);
  each([-0], minus(odd), -inf);
  each([-0], minus(evenOrFraction), inf);
  each([inf], [...odd, ...evenOrFraction], inf);
  each([inf], minus([...odd, ...evenOrFraction]), 0);
  each([-inf], odd, -inf);
  each([-inf], evenOrFraction, inf);
  each([-inf], minus(odd), -0);
  each([-inf], minus(evenOrFraction), 0);
});

test('a negative base takes integers only', () => {
  each([-1, -2, -5e-324], [0.5, -0.5, 2.5, 1e-300], nan);
  expect(pow64(-3, 3)).toBe(-27);
  expect(pow64(-3, 4)).toBe(81);
  expect(pow64(-2, -3)).toBe(-0.125);
  each([-1], [9007199254740991, -3], -1);
  each([-1], [9007199254740992, 1e300, -2], 1);
});

test('beyond the range of float64 a power is zero or infinity, however large the numbers', () => {
  each([2, 1e300, 1.0000000000000002], [1e300, 9007199254740992 ** 2], inf);
  each([2, 1e300, 1.0000000000000002], [-1e300], 0);
  each([0.5, 5e-324, 0.9999999999999999], [1e300], 0);
  expect(pow64(-2, 1025)).toBe(-inf);
  expect(pow64(-2, -1077)).toBe(-0);
});

test('an integer power that a double holds exactly comes out exactly', () => {
  let checked = 0;
  for (let x = -40; x <= 400; x++) {
    for (let y = 0; y < 60; y++) {
      const exact = BigInt(x) ** BigInt(y);
      if (BigInt(Number(exact)) !== exact) continue;
      checked++;
      expect(pow64(x, y), `${x} to the power ${y}`).toBe(Number(exact));
    }
  }
  expect(checked).toBeGreaterThan(3000);
  for (let k = -1074; k <= 1023; k++) expect(pow64(2, k)).toBe(2 ** k);
});
