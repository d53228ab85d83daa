import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { abs, type Dtype, neg, relu, sign, sqrt, type Tensor, where } from '../../src/index.ts';
import { broadcasting, dtypes, floats, numbers, operands, shapes } from '../arbitraries.ts';
import { expectSame } from '../compare.ts';
import { zip } from '../model.ts';

type Op = readonly [op: (x: Tensor) => Tensor, oracle: (x: number) => number];

// Ops with exact results. The kernels' tests measure exp, log, tanh and sigmoid in ulp.
const anywhere: readonly Op[] = [
  [neg, (x) => -x],
  [abs, Math.abs],
  [sign, Math.sign],
];
const onFloats: readonly Op[] = [...anywhere, [relu, (x) => Math.max(x, 0)], [sqrt, Math.sqrt]];

const rounding: Record<Dtype, (x: number) => number> = {
  float32: Math.fround,
  float64: (x) => x,
  int32: (x) => x | 0,
};

test('Every op of one operand equals the plain one, however the operand lies in memory', () => {
  const cases = dtypes.chain((dtype) =>
    fc.tuple(
      fc.constant(dtype),
      fc.constantFrom(...(dtype === 'int32' ? anywhere : onFloats)),
      shapes().chain((shape) => operands(shape, dtype, numbers(dtype))),
    ),
  );
  fc.assert(
    fc.property(cases, ([dtype, [op, oracle], x]) => {
      const y = op(x.tensor);
      expect(y.dtype).toBe(dtype);
      expectSame(
        y,
        zip((each) => rounding[dtype](oracle(each)), x.model),
      );
    }),
    { seed: 1, numRuns: 400 },
  );
});

test('where takes the first where the condition is not 0 (NaN included), else the second, all three broadcast', () => {
  const cases = fc
    .tuple(dtypes, dtypes, broadcasting(3))
    .chain(([mask, dtype, [c, a, b]]) =>
      fc.tuple(
        operands(c!, mask, fc.oneof(fc.constantFrom(0, 1), numbers(mask))),
        operands(a!, dtype, numbers(dtype)),
        operands(b!, dtype, numbers(dtype)),
      ),
    );
  fc.assert(
    fc.property(cases, ([c, a, b]) => {
      const expected = zip((take, p, q) => (take !== 0 ? p : q), c.model, a.model, b.model);
      expectSame(where(c.tensor, a.tensor, b.tensor), expected);
    }),
    { seed: 1, numRuns: 400 },
  );
});

test('where takes a number for one of its two choices', () => {
  const cases = floats.chain((dtype) =>
    broadcasting(2, 3).chain(([c, a]) => fc.tuple(operands(c!, dtype), operands(a!, dtype))),
  );
  fc.assert(
    fc.property(cases, ([c, a]) => {
      const two = { shape: [], data: [2] };
      const choose = (take: number, p: number, q: number) => (take !== 0 ? p : q);
      expectSame(where(c.tensor, a.tensor, 2), zip(choose, c.model, a.model, two));
      expectSame(where(c.tensor, 2, a.tensor), zip(choose, c.model, two, a.model));
    }),
    { seed: 1, numRuns: 100 },
  );
});
