import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ordinary, values } from './values.ts';
import { bench, type Float, floatKernelsOf, floats, rounding } from './workbench.ts';

const runs = { seed: 1, numRuns: 60 };
const IGNORE = -100;

/** Rows of logits with a target each; a third of the targets is ignored. */
const problem = (
  dtype: Float,
): fc.Arbitrary<{ v: number; targets: number[]; logits: number[]; g: number[] }> =>
  fc.tuple(fc.nat({ max: 4 }), fc.integer({ min: 1, max: 140 })).chain(([rows, v]) =>
    fc.record({
      v: fc.constant(v),
      targets: values(fc.oneof({ weight: 2, arbitrary: fc.nat({ max: v - 1 }) }, fc.constant(IGNORE)), rows),
      logits: values(ordinary(dtype), rows * v),
      g: values(ordinary(dtype), rows),
    }),
  );

function run(
  dtype: Float,
  logits: readonly number[],
  targets: readonly number[],
  v: number,
): [number[], number[]] {
  bench.clear();
  const loss = bench.room(dtype, targets.length);
  const probs = bench.room(dtype, logits.length);
  floatKernelsOf(dtype).crossEntropy(
    bench.put(dtype, logits),
    bench.put('int32', targets),
    loss,
    probs,
    targets.length,
    v,
    IGNORE,
  );
  return [bench.take(dtype, loss, targets.length), bench.take(dtype, probs, logits.length)];
}

for (const dtype of floats) {
  const epsilon = dtype === 'float32' ? 2 ** -23 : 2 ** -52;

  test(`crossEntropy of ${dtype} is −log of the target's softmax, and 0 in ignored rows`, () => {
    fc.assert(
      fc.property(problem(dtype), ({ v, targets, logits }) => {
        const [loss, probs] = run(dtype, logits, targets, v);
        targets.forEach((target, r) => {
          const row = logits.slice(r * v, (r + 1) * v);
          const max = Math.max(...row);
          const sum = row.reduce((s, x) => s + Math.exp(x - max), 0);
          const exact = target === IGNORE ? 0 : Math.log(sum) - (row[target]! - max);
          expect(Math.abs(loss[r]! - exact)).toBeLessThanOrEqual(8 * epsilon * Math.max(1, exact));
          row.forEach((x, j) => {
            // The rounding of x − max, up to 200, is magnified by exp: 100 epsilon of the result.
            const p = Math.exp(x - max) / sum;
            expect(Math.abs(probs[r * v + j]! - p)).toBeLessThanOrEqual(120 * epsilon * p + 2 ** -149);
          });
        });
      }),
      runs,
    );
  });

  test(`crossEntropy of ${dtype} takes the steps of the kernels it is made of, bit for bit`, () => {
    const kernels = floatKernelsOf(dtype);
    fc.assert(
      fc.property(problem(dtype), ({ v, targets, logits }) => {
        const [loss, probs] = run(dtype, logits, targets, v);
        targets.forEach((target, r) => {
          bench.clear();
          const x = bench.put(dtype, logits.slice(r * v, (r + 1) * v));
          const [max, sum, log] = [bench.room(dtype, 1), bench.room(dtype, 1), bench.room(dtype, 1)];
          const [shifted, exp, quotient] = [bench.room(dtype, v), bench.room(dtype, v), bench.room(dtype, v)];
          kernels.max(x, max, 1, v, 1);
          kernels.sub(x, v, 1, max, 0, 0, shifted, v, 1, v);
          kernels.exp(shifted, exp, v);
          kernels.sum(exp, sum, 1, v, 1);
          kernels.div(exp, v, 1, sum, 0, 0, quotient, v, 1, v);
          kernels.log(sum, log, 1);
          expect(probs.slice(r * v, (r + 1) * v)).toEqual(bench.take(dtype, quotient, v));
          const [own] = bench.take(dtype, log, 1);
          const cost = target === IGNORE ? 0 : own! - bench.take(dtype, shifted, v)[target]!;
          expect(loss[r]).toBe(rounding[dtype](cost));
        });
      }),
      runs,
    );
  });

  test(`crossEntropyGrad of ${dtype} is g · (probs − one-hot), each step rounded, and 0 in ignored rows`, () => {
    fc.assert(
      fc.property(problem(dtype), fc.constantFrom(0, 1), ({ v, targets, logits, g }, gRow) => {
        const probs = logits.map((x) => rounding[dtype](Math.exp(-Math.abs(x) / 20)));
        bench.clear();
        const y = bench.room(dtype, logits.length);
        floatKernelsOf(dtype).crossEntropyGrad(
          bench.put(dtype, probs),
          bench.put('int32', targets),
          bench.put(dtype, g),
          gRow,
          y,
          targets.length,
          v,
          IGNORE,
        );
        const expected = probs.map((p, at) => {
          const r = Math.floor(at / v);
          const hot = at % v === targets[r] ? 1 : 0;
          return targets[r] === IGNORE ? 0 : rounding[dtype](g[r * gRow]! * rounding[dtype](p - hot));
        });
        expect(bench.take(dtype, y, logits.length)).toEqual(expected);
      }),
      runs,
    );
  });

  test(`crossEntropy of ${dtype} survives logits that would overflow, and an impossible class costs infinitely much`, () => {
    const huge = dtype === 'float32' ? 3e38 : 1e308;
    expect(run(dtype, [rounding[dtype](huge), 0], [0], 2)).toEqual([[0], [1, 0]]);
    expect(run(dtype, [0, -Infinity], [1], 2)).toEqual([[Infinity], [1, 0]]);
    expect(run(dtype, [0, Number.NaN], [0], 2)).toEqual([[Number.NaN], [Number.NaN, Number.NaN]]);
  });

  test(`a loss of ${dtype} does not depend on the batch it sits in`, () => {
    const logits = Array.from({ length: 3 * 65 }, (_, i) => rounding[dtype](4 * Math.sin(i * i)));
    const [all] = run(dtype, logits, [3, 64, 0], 65);
    expect(run(dtype, logits.slice(65, 130), [64], 65)[0]).toEqual([all[1]]);
  });
}
