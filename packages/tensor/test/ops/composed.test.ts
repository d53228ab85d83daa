/** Laws of composed ops: defaults, edges, and what they launch. */
import { expect, test } from 'vitest';
import {
  arange,
  einsum,
  linear,
  oneHot,
  ones,
  outer,
  ShapeError,
  tensor,
  ValueError,
  zeros,
} from '../../src/index.ts';

const x = arange(24).reshape([2, 3, 4]);

test.each(['sum', 'max', 'min', 'prod', 'mean', 'variance', 'std', 'norm'] as const)(
  '%s drops its axes by default, keeps them with size 1 on request, and reduces all of them by default',
  (name) => {
    expect(x[name](1).shape).toEqual([2, 4]);
    expect(x[name](1, true).shape).toEqual([2, 1, 4]);
    expect(x[name]().shape).toEqual([]);
  },
);

test('logSumExp drops its axis, the last by default, and keeps it with size 1 on request', () => {
  expect(x.logSumExp().shape).toEqual([2, 3]);
  expect(x.logSumExp(1).shape).toEqual([2, 4]);
  expect(x.logSumExp(1, true).shape).toEqual([2, 1, 4]);
});

test('Limits of int32 are limits of whole numbers', () => {
  const whole = tensor([-7, 0, 9], { dtype: 'int32' }).clamp(-2, 3);
  expect([whole.dtype, whole.toArray()]).toEqual(['int32', [-2, 0, 3]]);
});

test('outer is of two vectors only', () => {
  expect(outer(ones([2]), ones([3])).shape).toEqual([2, 3]);
  for (const [a, b] of [[ones([2, 2]), ones([2])] as const, [ones([2]), ones([1, 2])] as const])
    expect(() => outer(a, b)).toThrow(ShapeError);
});

test('Without ->, einsum orders the letters of the result by the alphabet', () => {
  const a = arange(6).reshape([2, 3]);
  expect(einsum('ba', a).toArray()).toEqual(a.transpose().toArray());
  expect(einsum('ki,ij', a.transpose(), a).shape).toEqual([3, 3]);
  expect(einsum('kj,ji', ones([2, 4]), ones([4, 3])).shape).toEqual([3, 2]);
});

test.each([
  ['another type', undefined],
  ['letters for another number of operands', 'ij,jk'],
  ['a letter twice', 'ii->i'],
  ['a letter that no operand has', 'ij->k'],
  ['other characters', '...j->j'],
])('An equation of einsum with %s is a ValueError', (_, equation) => {
  expect(() => einsum(equation as string, ones([2, 2]))).toThrow(ValueError);
});

test('The second operand of einsum is a tensor', () => {
  expect(() => einsum('i,i->', ones([2]), 3 as never)).toThrow(ValueError);
});

test('linear of indices is linear of one-hot rows, with and without a tensor to add', () => {
  const weight = arange(12).reshape([3, 4]);
  const indices = tensor([3, 0], { dtype: 'int32' });
  const rows = oneHot(indices, 4);
  expect(linear(indices, weight).toArray()).toEqual(linear(rows, weight).toArray());
  const [bias, block] = [arange(3), arange(6).reshape([2, 3])];
  for (const plus of [bias, block])
    expect(linear(indices, weight, plus).toArray()).toEqual(linear(rows, weight, plus).toArray());
});

test('The deviation of no elements is NaN, and their norm 0', () => {
  expect(zeros([0]).std().item()).toBeNaN();
  expect(zeros([0, 2]).std(0).toArray()).toEqual([Number.NaN, Number.NaN]);
  expect(zeros([2, 0]).norm(1).toArray()).toEqual([0, 0]);
  expect(zeros([0]).norm().item()).toBe(0);
});

test('A norm does not overflow where its elements differ by 60 orders of magnitude', () => {
  const norm = tensor([1e-30, 3e30, -4e30]).norm().item();
  expect(norm / 5e30).toBeCloseTo(1, 6);
});
