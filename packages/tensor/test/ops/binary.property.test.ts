import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  add,
  type Dtype,
  div,
  equal,
  greater,
  greaterEqual,
  less,
  lessEqual,
  maximum,
  minimum,
  mul,
  notEqual,
  scope,
  sub,
  type Tensor,
} from '../../src/index.ts';
import { broadcasting, dtypes, floats, numbers, operands } from '../arbitraries.ts';
import { bitsOf, expectSame } from '../compare.ts';
import { zip } from '../model.ts';

type Op = readonly [
  name: string,
  op: (a: Tensor, b: Tensor) => Tensor,
  oracle: (a: number, b: number) => number,
];

const truth = (holds: boolean) => (holds ? 1 : 0);

const ops: readonly Op[] = [
  ['add', add, (a, b) => a + b],
  ['sub', sub, (a, b) => a - b],
  ['mul', mul, (a, b) => a * b],
  ['maximum', maximum, Math.max],
  ['minimum', minimum, Math.min],
  ['equal', equal, (a, b) => truth(a === b)],
  ['notEqual', notEqual, (a, b) => truth(a !== b)],
  ['less', less, (a, b) => truth(a < b)],
  ['lessEqual', lessEqual, (a, b) => truth(a <= b)],
  ['greater', greater, (a, b) => truth(a > b)],
  ['greaterEqual', greaterEqual, (a, b) => truth(a >= b)],
];

// Sums, products and quotients of two float32, computed in float64 and rounded once more, are
// correctly rounded.
const rounding: Record<Dtype, (x: number) => number> = {
  float32: Math.fround,
  float64: (x) => x,
  int32: (x) => x | 0,
};

const pair = (dtype: Dtype) =>
  broadcasting(2).chain(([a, b]) =>
    fc.tuple(operands(a!, dtype, numbers(dtype)), operands(b!, dtype, numbers(dtype))),
  );
const anyPair = dtypes.chain((dtype) => fc.tuple(fc.constant(dtype), pair(dtype)));

test('Every op of two operands equals the plain one on shapes that broadcast, however they lie in memory', () => {
  fc.assert(
    fc.property(fc.constantFrom(...ops), anyPair, ([, op, oracle], [dtype, [a, b]]) => {
      const y = op(a.tensor, b.tensor);
      expect(y.dtype).toBe(dtype);
      expectSame(
        y,
        zip((p, q) => rounding[dtype](oracle(p, q)), a.model, b.model),
      );
    }),
    { seed: 1, numRuns: 700 },
  );
});

test('Division rounds once, in both float types', () => {
  fc.assert(
    fc.property(
      floats.chain((dtype) => fc.tuple(fc.constant(dtype), pair(dtype))),
      ([dtype, [a, b]]) => {
        expectSame(
          div(a.tensor, b.tensor),
          zip((p, q) => rounding[dtype](p / q), a.model, b.model),
        );
      },
    ),
    { seed: 1, numRuns: 200 },
  );
});

test('A number on either side counts as a tensor of one element of the other side’s dtype', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...ops),
      anyPair,
      fc.integer({ min: -9, max: 9 }),
      ([, op, oracle], [dtype, [a]], n) => {
        const number = { shape: [], data: [n] };
        const expected = zip((p, q) => rounding[dtype](oracle(p, q)), a.model, number);
        expectSame(op(a.tensor, n as never), expected);
        const swapped = zip((p, q) => rounding[dtype](oracle(q, p)), a.model, number);
        expectSame(op(n as never, a.tensor), swapped);
      },
    ),
    { seed: 1, numRuns: 300 },
  );
});

test('The same bits come inside a scope and outside', () => {
  fc.assert(
    fc.property(fc.constantFrom(...ops), anyPair, ([, op], [, [a, b]]) => {
      expect(bitsOf(scope(() => op(a.tensor, b.tensor)))).toBe(bitsOf(op(a.tensor, b.tensor)));
    }),
    { seed: 1, numRuns: 200 },
  );
});

test('An operand on both sides, or two views of one storage, is read right', () => {
  fc.assert(
    fc.property(anyPair, ([dtype, [a]]) => {
      const round = rounding[dtype];
      expectSame(
        add(a.tensor, a.tensor),
        zip((p) => round(p + p), a.model),
      );
      const reversed = a.tensor.flip();
      const data = a.model.data.toReversed();
      expectSame(
        sub(a.tensor, reversed),
        zip((p, q) => round(p - q), a.model, { ...a.model, data }),
      );
    }),
    { seed: 1, numRuns: 200 },
  );
});
