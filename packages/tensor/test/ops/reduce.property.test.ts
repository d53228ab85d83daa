import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { argmax, max, min, ShapeError, sum, type Tensor, tensor, zeros } from '../../src/index.ts';
import { decimal, dtypes, floats, operands, shapes } from '../arbitraries.ts';
import { expectSame } from '../compare.ts';
import { groups, type Plain } from '../model.ts';

const axesSets = fc.nat(31);

/** Every subset of the axes has a number. */
const chosen = (rank: number, subset: number): number[] =>
  Array.from({ length: rank }, (_, axis) => axis).filter((axis) => (subset >> axis) & 1);

const operand = dtypes.chain((dtype) =>
  shapes().chain((shape) => fc.tuple(fc.constant(dtype), operands(shape, dtype, decimal))),
);

type Reduction = (x: Tensor, axes?: number | readonly number[], keepDims?: boolean) => Tensor;

function expectReduced(
  reduce: Reduction,
  x: Tensor,
  model: Plain,
  axes: readonly number[],
  oracle: (list: readonly number[]) => number,
): void {
  const { kept, lists } = groups(model, axes);
  const data = lists.map(oracle);
  expectSame(reduce(x, axes, true), { shape: kept, data });
  const shape = kept.filter((_, axis) => !axes.includes(axis));
  const fromEnd = axes.map((axis) => axis - model.shape.length).reverse();
  expectSame(reduce(x, fromEnd), { shape, data });
  if (axes.length === 1) expectSame(reduce(x, axes[0]!), { shape, data });
  if (axes.length === model.shape.length) expectSame(reduce(x), { shape: [], data });
}

test('Sums over every set of axes equal plain sums: exactly, since the addends are short', () => {
  fc.assert(
    fc.property(operand, axesSets, ([dtype, { model, tensor: x }], subset) => {
      expectReduced(sum, x, model, chosen(model.shape.length, subset), (list) =>
        list.reduce((total, each) => total + each, 0),
      );
      expect(x.sum().dtype).toBe(dtype);
    }),
    { seed: 1, numRuns: 400 },
  );
});

test('A sum of int32 wraps at 2³¹, as its documentation says, and through float64 it is exact', () => {
  const x = tensor(Int32Array.of(2 ** 31 - 1, 2 ** 31 - 1, 3));
  expect(x.sum().item()).toBe(1);
  expect(x.cast('float64').sum().item()).toBe(2 ** 32 + 1);
});

test('max and min over every set of axes are the largest and the smallest, and of nothing there is none', () => {
  fc.assert(
    fc.property(operand, axesSets, ([, { model, tensor: x }], subset) => {
      const axes = chosen(model.shape.length, subset);
      if (axes.some((axis) => model.shape[axis] === 0)) {
        for (const reduce of [max, min]) expect(() => reduce(x, axes)).toThrow(ShapeError);
        return;
      }
      expectReduced(max, x, model, axes, (list) => Math.max(...list));
      expectReduced(min, x, model, axes, (list) => Math.min(...list));
    }),
    { seed: 1, numRuns: 400 },
  );
});

test('argmax is the first position of the largest, along one axis or of all elements', () => {
  const first = (list: readonly number[]) => list.indexOf(Math.max(...list));
  // Few different numbers, so that there are ties.
  const few = fc.constantFrom(1, 2, 3);
  const cases = dtypes.chain((dtype) => shapes().chain((shape) => operands(shape, dtype, few)));
  fc.assert(
    fc.property(cases, fc.nat(), ({ model, tensor: x }, choice) => {
      const rank = model.shape.length;
      fc.pre(rank > 0 && !model.shape.includes(0));
      const axis = choice % rank;
      const { kept, lists } = groups(model, [axis]);
      const y = argmax(x, choice % 2 === 0 ? axis : axis - rank);
      expect(y.dtype).toBe('int32');
      expectSame(y, { shape: kept.toSpliced(axis, 1), data: lists.map(first) });
      expect(argmax(x).item()).toBe(first(model.data));
    }),
    { seed: 1, numRuns: 300 },
  );
});

test('Sums of nothing are 0, and no sum reads values beside a view', () => {
  expect(zeros([0]).sum().item()).toBe(0);
  expect(zeros([3, 0, 2]).sum(1).toArray()).toEqual([
    [0, 0],
    [0, 0],
    [0, 0],
  ]);
  expect(zeros([3, 0, 2]).sum([0, 2]).shape).toEqual([0]);
  expect(tensor([1, 2, 4, 8]).slice([1, 3]).sum().item()).toBe(6);
});

test('A long float32 sum has almost no error: ten million times 0.1', () => {
  const count = 10_000_000;
  const total = tensor(0.1).expand([count]).sum().item();
  expect(Math.abs(total / (count * Math.fround(0.1)) - 1)).toBeLessThan(1e-6);
});

test('A sum does not depend on which axis it runs along, bit for bit', () => {
  const cases = floats.chain((dtype) =>
    fc
      .integer({ min: 0, max: 300 })
      .chain((n) => operands([n], dtype, fc.double({ noNaN: true, min: -1, max: 1 }))),
  );
  fc.assert(
    fc.property(cases, ({ tensor: x }) => {
      const n = x.size;
      const own = x.sum().item();
      expect(x.unsqueeze(0).expand([3, n]).sum(1).toArray()).toEqual([own, own, own]);
      expect(x.unsqueeze(1).expand([n, 3]).sum(0).toArray()).toEqual([own, own, own]);
    }),
    { seed: 1, numRuns: 100 },
  );
});
