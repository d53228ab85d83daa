import fc from 'fast-check';
import { expect, test } from 'vitest';
import { value, values } from './values.ts';
import { bench, type Dtype, dtypes, floatKernelsOf, floats, kernelsOf, rounding } from './workbench.ts';

const runs = { seed: 1, numRuns: 80 };

/** The order of the contract, on slices of a plain array. */
function orderedSum(xs: readonly number[], round: (x: number) => number): number {
  if (xs.length > 128) {
    const blocks = Math.ceil(xs.length / 128);
    const cut = 128 * Math.floor(blocks / 2);
    return round(orderedSum(xs.slice(0, cut), round) + orderedSum(xs.slice(cut), round));
  }
  const p = [0, 0, 0, 0, 0, 0, 0, 0];
  xs.forEach((x, i) => {
    p[i % 8] = round(p[i % 8]! + x);
  });
  const [a, b, c, d] = [0, 1, 2, 3].map((j) => round(p[j]! + p[j + 4]!));
  return round(round(a! + c!) + round(b! + d!));
}

/**
 * Runs a reduction of [outer, n, inner] and pairs each output with the plain array of its elements.
 */
function reduce(
  dtype: Dtype,
  name: 'sum' | 'max' | 'min' | 'argmax',
  xs: readonly number[],
  [outer, n, inner]: readonly [number, number, number],
): { got: number; from: number[] }[] {
  const target = name === 'argmax' ? 'int32' : dtype;
  bench.clear();
  const x = bench.put(dtype, xs);
  const y = bench.room(target, outer * inner);
  kernelsOf(dtype)[name](x, y, outer, n, inner);
  return bench.take(target, y, outer * inner).map((got, at) => {
    const [o, i] = [Math.floor(at / inner), at % inner];
    return { got, from: Array.from({ length: n }, (_, k) => xs[(o * n + k) * inner + i]!) };
  });
}

function forAll(
  dtype: Dtype,
  leastN: number,
  check: (xs: readonly number[], shape: readonly [number, number, number]) => void,
): void {
  const shape = fc.tuple(fc.nat({ max: 3 }), fc.integer({ min: leastN, max: 20 }), fc.nat({ max: 4 }));
  fc.assert(
    fc.property(
      shape.chain(([o, n, i]) => fc.tuple(values(value(dtype), o * n * i), fc.constant([o, n, i] as const))),
      ([xs, s]) => check(xs, s),
    ),
    runs,
  );
}

for (const dtype of dtypes) {
  test(`sum of ${dtype} follows the documented order along any axis, and an empty sum is +0`, () => {
    forAll(dtype, 0, (xs, shape) => {
      for (const { got, from } of reduce(dtype, 'sum', xs, shape))
        expect(got).toBe(orderedSum(from, rounding[dtype]));
    });
  });

  test(`sum of ${dtype} follows the documented order across blocks of 128`, () => {
    for (const n of [127, 128, 129, 255, 256, 257, 384, 385, 1000]) {
      for (const inner of [1, 3]) {
        const xs = Array.from({ length: n * inner }, (_, i) =>
          rounding[dtype](Math.floor(1e6 * Math.sin(i * i))),
        );
        for (const { got, from } of reduce(dtype, 'sum', xs, [1, n, inner])) {
          expect(got).toBe(orderedSum(from, rounding[dtype]));
        }
      }
    }
  });

  test(`max and min of ${dtype} give NaN where there is one, and put +0 above −0`, () => {
    // Sorting by value, then by sign of zero.
    const order = (a: number, b: number): number => (a < b ? -1 : a > b ? 1 : 1 / a - 1 / b || 0);
    forAll(dtype, 1, (xs, shape) => {
      for (const [name, last] of [
        ['max', -1],
        ['min', 0],
      ] as const) {
        for (const { got, from } of reduce(dtype, name, xs, shape)) {
          expect(got).toBe(from.some(Number.isNaN) ? Number.NaN : from.sort(order).at(last));
        }
      }
    });
  });

  test(`argmax of ${dtype} gives the first of equals, and the first NaN before everything`, () => {
    forAll(dtype, 1, (xs, shape) => {
      for (const { got, from } of reduce(dtype, 'argmax', xs, shape)) {
        const firstNaN = from.findIndex(Number.isNaN);
        const largest = from.findIndex((candidate) => from.every((other) => other <= candidate));
        expect(got).toBe(firstNaN >= 0 ? firstNaN : largest);
      }
    });
  });
}

test('a sum of 100,000 tenths keeps nearly all digits of its type', () => {
  for (const dtype of floats) {
    const n = 100_000;
    bench.clear();
    const y = bench.room(dtype, 1);
    const x = bench.put(dtype, new Array<number>(n).fill(0.1));
    floatKernelsOf(dtype).sum(x, y, 1, n, 1);
    const exact = n * rounding[dtype](0.1);
    const [got] = bench.take(dtype, y, 1);
    expect(Math.abs(got! - exact) / exact).toBeLessThan(8 * (dtype === 'float32' ? 2 ** -24 : 2 ** -53));
  }
});
