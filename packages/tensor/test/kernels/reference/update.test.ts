import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ordinary, value, values } from './values.ts';
import { bench, floatKernelsOf, floats, rounding } from './workbench.ts';

const runs = { seed: 1, numRuns: 80 };

for (const dtype of floats) {
  const kernels = floatKernelsOf(dtype);
  const round = rounding[dtype];
  const anyValues = fc.array(value(dtype), { maxLength: 20 });

  test(`maxAbs of ${dtype} is the largest magnitude, NaN if there is one, and 0 for nothing`, () => {
    fc.assert(
      fc.property(anyValues, (xs) => {
        bench.clear();
        const sorted = xs.map(Math.abs).sort((a, b) => a - b);
        const expected = xs.some(Number.isNaN) ? Number.NaN : (sorted.at(-1) ?? 0);
        expect(kernels.maxAbs(bench.put(dtype, xs), xs.length)).toBe(expected);
      }),
      runs,
    );
  });

  test(`sumSquares of ${dtype} is computed in float64 and overflows only if the scaled sum does`, () => {
    fc.assert(
      fc.property(
        fc.array(ordinary(dtype), { maxLength: 300 }),
        fc.double({ min: 0.01, max: 9, noNaN: true }),
        (xs, scale) => {
          bench.clear();
          const exact = xs.reduce((sum, x) => sum + (x * scale) ** 2, 0);
          const got = kernels.sumSquares(bench.put(dtype, xs), xs.length, scale);
          expect(Math.abs(got - exact)).toBeLessThanOrEqual(1e-13 * exact);
        },
      ),
      runs,
    );
    bench.clear();
    const huge = dtype === 'float32' ? 2 ** 127 : 2 ** 1000;
    const x = bench.put(dtype, [huge, huge, huge]);
    expect(kernels.sumSquares(x, 3, 1 / huge)).toBe(3);
    expect(kernels.sumSquares(x, 0, 1)).toBe(0);
  });

  test(`clip of ${dtype} keeps numbers within the bounds and lets NaN through`, () => {
    fc.assert(
      fc.property(
        anyValues,
        fc.double({ min: -9, max: -0.1, noNaN: true }),
        fc.double({ min: 0.1, max: 9, noNaN: true }),
        (xs, low, high) => {
          bench.clear();
          const y = bench.room(dtype, xs.length);
          kernels.clip(bench.put(dtype, xs), y, xs.length, low, high);
          const middle = (x: number): number => [round(low), x, round(high)].sort((a, b) => a - b)[1]!;
          expect(bench.take(dtype, y, xs.length)).toEqual(xs.map((x) => (Number.isNaN(x) ? x : middle(x))));
        },
      ),
      runs,
    );
  });

  test(`clip of ${dtype} gives the upper bound where the bounds are crossed`, () => {
    bench.clear();
    const x = bench.put(dtype, [-9, 0, 9]);
    kernels.clip(x, x, 3, 5, -5);
    expect(bench.take(dtype, x, 3)).toEqual([-5, -5, -5]);
  });

  test(`sgd of ${dtype} steps against the gradient, each operation rounded`, () => {
    fc.assert(
      fc.property(values(value(dtype), 7), values(value(dtype), 7), (ps, gs) => {
        bench.clear();
        const p = bench.put(dtype, ps);
        const g = bench.put(dtype, gs);
        kernels.sgd(p, g, 7, 0.1);
        expect(bench.take(dtype, p, 7)).toEqual(ps.map((v, i) => round(v - round(round(0.1) * gs[i]!))));
        expect(bench.take(dtype, g, 7)).toEqual(gs);
      }),
      runs,
    );
  });

  test(`adam of ${dtype} moves both averages on and steps by their ratio`, () => {
    const inputs = fc.tuple(
      values(value(dtype), 7),
      values(value(dtype), 7),
      values(value(dtype), 7),
      values(value(dtype).map(Math.abs), 7),
    );
    fc.assert(
      fc.property(inputs, ([ps, gs, ms, vs]) => {
        bench.clear();
        const at = [ps, gs, ms, vs].map((each) => bench.put(dtype, each)) as [number, number, number, number];
        kernels.adam(...at, 7, 0.1, 0.9, 0.1, 0.75, 0.25, 0.5, 1e-8);
        const means = ms.map((m, i) => round(round(round(0.9) * m) + round(round(0.1) * gs[i]!)));
        const squares = vs.map((v, i) => round(round(0.75 * v) + round(0.25 * round(gs[i]! * gs[i]!))));
        const roots = squares.map((v) => round(round(round(Math.sqrt(v)) / 0.5) + round(1e-8)));
        const steps = means.map((m, i) => round(round(0.1) * round(m / roots[i]!)));
        expect(bench.take(dtype, at[2], 7)).toEqual(means);
        expect(bench.take(dtype, at[3], 7)).toEqual(squares);
        expect(bench.take(dtype, at[0], 7)).toEqual(ps.map((p, i) => round(p - steps[i]!)));
        expect(bench.take(dtype, at[1], 7)).toEqual(gs);
      }),
      runs,
    );
  });

  test(`adagrad of ${dtype} divides by the root of the summed squares, with epsilon inside or outside of it`, () => {
    const inputs = fc.tuple(
      values(value(dtype), 7),
      values(value(dtype), 7),
      values(value(dtype).map(Math.abs), 7),
    );
    fc.assert(
      fc.property(inputs, fc.constantFrom(0, 1), ([ps, gs, ss], epsInside) => {
        bench.clear();
        const p = bench.put(dtype, ps);
        const g = bench.put(dtype, gs);
        const s = bench.put(dtype, ss);
        kernels.adagrad(p, g, s, 7, 0.1, 1e-8, epsInside);
        const sums = ss.map((v, i) => round(v + round(gs[i]! * gs[i]!)));
        const epsilon = round(1e-8);
        const roots = sums.map((v) =>
          epsInside === 1 ? round(Math.sqrt(round(v + epsilon))) : round(round(Math.sqrt(v)) + epsilon),
        );
        expect(bench.take(dtype, s, 7)).toEqual(sums);
        expect(bench.take(dtype, p, 7)).toEqual(
          ps.map((v, i) => round(v - round(round(round(0.1) * gs[i]!) / roots[i]!))),
        );
        expect(bench.take(dtype, g, 7)).toEqual(gs);
      }),
      runs,
    );
  });
}
