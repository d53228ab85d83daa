/** The oracle is `fixtures/math64.json`, computed with mpmath by `scripts/math-fixture.py`. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import * as exported from '../../src/kernels/reference/math64.ts';
import { doubleFromHex, ulp64 } from './ulp.ts';

const math64 = { ...exported };

type Row = readonly (string | number)[];
const fixture = JSON.parse(
  readFileSync(new URL('./fixtures/math64.json', import.meta.url), 'utf8'),
) as Record<keyof typeof math64, readonly Row[]>;

/** How far `got` is from the exact value, which is `nearest` plus `rest` ulp. */
function error(got: number, nearest: number, rest: number): number {
  if (Object.is(got, nearest)) return Math.abs(rest);
  return Math.abs((got - nearest) / ulp64(nearest) - rest);
}

/**
 * Measured at the fixture's points and 20,000 random ones per function, rounded up. The limit is 1
 * ulp.
 */
const bounds: Record<keyof typeof math64, number> = {
  exp64: 0.65,
  expm1_64: 0.95,
  log64: 0.51,
  log1p64: 0.51,
  tanh64: 0.8,
  sigmoid64: 0.8,
  pow64: 0.7,
  cosTurn: 0.7,
  sin64: 0.8,
  cos64: 0.8,
  erf64: 1,
};
const names = Object.keys(math64) as (keyof typeof math64)[];

test('the fixture covers every float64 function', () => {
  expect(Object.keys(fixture).sort()).toEqual([...names].sort());
});

for (const name of names) {
  test(`${name} is within ${bounds[name]} ulp of the exact value`, () => {
    for (const row of fixture[name]) {
      const rest = row.at(-1) as number;
      const [x, y, z] = (row.slice(0, -1) as string[]).map(doubleFromHex);
      const got = name === 'pow64' ? math64.pow64(x!, y!) : math64[name](x!);
      const nearest = name === 'pow64' ? z! : y!;
      expect(
        error(got, nearest, rest),
        `${name}(${x}, …) gave ${got}, nearest is ${nearest}`,
      ).toBeLessThanOrEqual(bounds[name]);
    }
  });
}

const { NaN: nan, POSITIVE_INFINITY: inf } = Number;

test('special values go through the float64 functions as IEEE 754 asks', () => {
  const cases: [keyof typeof math64, number, number][] = [
    ['exp64', inf, inf],
    ['exp64', -inf, 0],
    ['exp64', 0, 1],
    ['exp64', -0, 1],
    ['exp64', nan, nan],
    ['expm1_64', inf, inf],
    ['expm1_64', -inf, -1],
    ['expm1_64', 0, 0],
    ['expm1_64', -0, -0],
    ['expm1_64', nan, nan],
    ['log64', inf, inf],
    ['log64', -inf, nan],
    ['log64', 0, -inf],
    ['log64', -0, -inf],
    ['log64', nan, nan],
    ['log64', 1, 0],
    ['log64', -5e-324, nan],
    ['log1p64', inf, inf],
    ['log1p64', -inf, nan],
    ['log1p64', 0, 0],
    ['log1p64', -0, -0],
    ['log1p64', nan, nan],
    ['log1p64', -1, -inf],
    ['log1p64', -1.0000000000000002, nan],
    ['tanh64', inf, 1],
    ['tanh64', -inf, -1],
    ['tanh64', 0, 0],
    ['tanh64', -0, -0],
    ['tanh64', nan, nan],
    ['sigmoid64', inf, 1],
    ['sigmoid64', -inf, 0],
    ['sigmoid64', 0, 0.5],
    ['sigmoid64', -0, 0.5],
    ['sigmoid64', nan, nan],
    ['sin64', -0, -0],
    ['sin64', inf, nan],
    ['sin64', nan, nan],
    ['cos64', 0, 1],
    ['cos64', -inf, nan],
    ['erf64', -0, -0],
    ['erf64', inf, 1],
    ['erf64', -inf, -1],
    ['erf64', nan, nan],
    ['cosTurn', 0, 1],
    ['cosTurn', 0.25, 0],
    ['cosTurn', 0.5, -1],
    ['cosTurn', 0.75, 0],
    ['cosTurn', 1, 1],
  ];
  for (const [name, x, y] of cases) {
    expect(math64[name](x, 0), `${name}(${Object.is(x, -0) ? '-0' : x})`).toBe(y);
  }
});
