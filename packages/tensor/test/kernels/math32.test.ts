/**
 * The oracles are float64 functions of the engine. Their error is 10⁻⁹ of a float32 ulp.
 * `scripts/sweep32.mjs` checks every float32.
 */
import { expect, test } from 'vitest';
import * as exported from '../../src/kernels/reference/math32.ts';
import { erf64 } from '../../src/kernels/reference/math64.ts';
import { ulp32 } from './ulp.ts';

const math32 = { ...exported };

const { NaN: nan, POSITIVE_INFINITY: inf } = Number;
const LARGEST = 3.4028234663852886e38;
/** From here on the nearest float32 is infinite. */
const OVERFLOW = 3.4028235677973366e38;

const oracles: Record<Exclude<keyof typeof math32, 'pow32'>, (x: number) => number> = {
  exp32: Math.exp,
  expm1_32: Math.expm1,
  log32: Math.log,
  log1p32: Math.log1p,
  tanh32: Math.tanh,
  sin32: Math.sin,
  cos32: Math.cos,
  erf32: erf64,
  sigmoid32: (x) => (x < 0 ? Math.exp(x) / (1 + Math.exp(x)) : 1 / (1 + Math.exp(-x))),
};
const names = Object.keys(oracles) as (keyof typeof oracles)[];

/**
 * Every sign and exponent, with subnormals, infinities and NaN; for each `count` mantissas: first,
 * last and in between.
 */
function* allExponents(count: number): Generator<number> {
  const float = new Float32Array(1);
  const bits = new Uint32Array(float.buffer);
  for (let top = 0; top < 512; top++) {
    for (let i = 0; i < count; i++) {
      bits[0] = top * 2 ** 23 + (i === count - 1 ? 0x7fffff : (i * 2654435761) % 0x800000);
      yield float[0]!;
    }
  }
}

/** Evenly spaced where the functions bend. */
function* ordinary(): Generator<number> {
  for (let i = -60000; i <= 60000; i++) yield Math.fround(i * 0.00171);
}

function expectNear(name: string, x: number, got: number, exact: number): void {
  if (Math.abs(exact) >= OVERFLOW || Number.isNaN(exact)) {
    const right = Object.is(got, Math.fround(exact));
    if (!right) expect.fail(`${name}(${x}) gave ${got}, exact is ${exact}`);
    return;
  }
  // An overflow within 1.5 ulp of the end of the range is a rounding error like any other.
  const value = Math.abs(got) === inf ? Math.sign(got) * 2 ** 128 : got;
  const error = Math.abs(value - exact) / ulp32(exact);
  if (!(error <= 1.5)) expect.fail(`${name}(${x}) gave ${got}, exact is ${exact}: ${error} ulp`);
}

for (const name of names) {
  test(`${name} is within 1.5 ulp of the exact value at every exponent and densely among ordinary numbers`, () => {
    for (const x of allExponents(150)) expectNear(name, x, math32[name](x), oracles[name](x));
    for (const x of ordinary()) expectNear(name, x, math32[name](x), oracles[name](x));
  });
}

test('every float32 function returns float32', () => {
  for (const x of allExponents(20)) {
    for (const name of names) expect(math32[name](x)).toBe(Math.fround(math32[name](x)));
  }
});

test('pow32 is within 1 ulp of the exact value', () => {
  for (let i = 1; i < 300; i++) {
    for (let j = -80; j <= 80; j++) {
      const x = Math.fround(i * i * 0.0013);
      const y = Math.fround(j * 0.173);
      expectNear('pow32', x, math32.pow32(x, y), x ** y);
    }
  }
});

test('zeros keep their sign and infinities find their limits', () => {
  const cases: [keyof typeof oracles, number, number][] = [
    ['exp32', inf, inf],
    ['exp32', -inf, 0],
    ['exp32', -0, 1],
    ['exp32', LARGEST, inf],
    ['exp32', -LARGEST, 0],
    ['expm1_32', inf, inf],
    ['expm1_32', -inf, -1],
    ['expm1_32', -0, -0],
    ['expm1_32', 0, 0],
    ['log32', inf, inf],
    ['log32', 0, -inf],
    ['log32', -0, -inf],
    ['log32', -inf, nan],
    ['log32', -1, nan],
    ['log32', 1, 0],
    ['log1p32', inf, inf],
    ['log1p32', -1, -inf],
    ['log1p32', -2, nan],
    ['log1p32', -0, -0],
    ['tanh32', inf, 1],
    ['tanh32', -inf, -1],
    ['tanh32', -0, -0],
    ['tanh32', 0, 0],
    ['tanh32', LARGEST, 1],
    ['sigmoid32', inf, 1],
    ['sigmoid32', -inf, 0],
    ['sigmoid32', -0, 0.5],
    ['sigmoid32', -LARGEST, 0],
  ];
  for (const [name, x, y] of cases)
    expect(math32[name](x), `${name}(${Object.is(x, -0) ? '-0' : x})`).toBe(y);
  for (const name of names) expect(math32[name](nan), name).toBe(nan);
});

test('subnormal numbers come out where the exact result is subnormal', () => {
  expect(math32.exp32(Math.fround(-100))).toBeGreaterThan(0);
  expect(math32.sigmoid32(Math.fround(-100))).toBe(math32.exp32(Math.fround(-100)));
  expect(math32.tanh32(2 ** -149)).toBe(2 ** -149);
  expect(math32.log32(2 ** -149)).toBe(Math.fround(Math.log(2 ** -149)));
});
