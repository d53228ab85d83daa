/** Laws of composed ops: defaults, edges, and what they launch. */
import { expect, test } from 'vitest';
import { arange, einsum, ones, outer, ShapeError, tensor, ValueError } from '../../src/index.ts';

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
