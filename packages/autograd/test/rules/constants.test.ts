/** Ops without gradient: signs, comparisons, indices, conditions, detached and ignored values. */
import { grad, stopGradient } from '@chronograd/autograd';
import { argmax, oneHot, softmaxCrossEntropy, type Tensor, tensor, where } from '@chronograd/tensor';
import { expect, test } from 'vitest';
import { float64 } from './plain.ts';

const nan = Number.NaN;

/** The gradient of the sum of f. */
const slope = (f: (x: Tensor) => Tensor, at: number[] | number[][]): unknown =>
  grad((x: Tensor) => f(x).sum())(float64(at)).toArray();

test('sign is 0 at 0, and has no gradient anywhere', () => {
  expect(float64([-2, 0, 2]).sign().toArray()).toEqual([-1, 0, 1]);
  expect(slope((x) => x.sign(), [-2, 0, 2])).toEqual([0, 0, 0]);
});

test('where sends no gradient to its condition', () => {
  expect(slope((x) => where(x, x.mul(2), 5), [0, 3])).toEqual([0, 2]);
});

test('comparisons know ties, zeros of either sign and NaN, and have no gradient', () => {
  const [a, b] = [float64([1, 2, 0, nan]), float64([1, 3, -0, nan])];
  expect(a.equal(b).toArray()).toEqual([1, 0, 1, 0]);
  expect(a.notEqual(b).toArray()).toEqual([0, 1, 0, 1]);
  expect(a.less(b).toArray()).toEqual([0, 1, 0, 0]);
  expect(a.lessEqual(b).toArray()).toEqual([1, 1, 1, 0]);
  expect(a.greater(b).toArray()).toEqual([0, 0, 0, 0]);
  expect(a.greaterEqual(b).toArray()).toEqual([1, 0, 1, 0]);
  for (const name of ['equal', 'notEqual', 'less', 'lessEqual', 'greater', 'greaterEqual'] as const) {
    expect(slope((x) => x[name](1), [0, 1, 2])).toEqual([0, 0, 0]);
  }
});

test('argmax takes the first of several, and has no gradient', () => {
  expect(argmax(float64([1, 3, 3])).item()).toBe(1);
  expect(slope((x) => argmax(x).cast('float64'), [1, 3, 3])).toEqual([0, 0, 0]);
});

test('the gradient through a cast has the dtype that was cast', () => {
  const grads = grad((x: Tensor) => x.cast('float64').square().sum())(tensor([0.5, 3]));
  expect([grads.dtype, grads.toArray()]).toEqual(['float32', [1, 6]]);
});

test('a detached tensor is a constant of the same values', () => {
  for (const stop of [stopGradient, (x: Tensor): Tensor => x.detach()]) {
    expect(stop(float64([1, 2])).toArray()).toEqual([1, 2]);
    expect(slope((x) => stop(x).mul(x), [1, 2])).toEqual([1, 2]);
    expect(slope((x) => stop(x.mul(5)), [1, 2])).toEqual([0, 0]);
  }
});

test('oneHot has a 1 at each index', () => {
  expect(oneHot(tensor([[2, 0]], { dtype: 'int32' }), 3).toArray()).toEqual([
    [
      [0, 0, 1],
      [1, 0, 0],
    ],
  ]);
  expect(oneHot(tensor([1], { dtype: 'int32' }), 2, 'float64').dtype).toBe('float64');
});

test('integers in a tree of inputs get zeros, in their own dtype', () => {
  const indices = tensor([1, 1], { dtype: 'int32' });
  const f = ({ table, at }: { readonly table: Tensor; readonly at: Tensor }): Tensor =>
    table.gather(at).mul(at.cast('float64').add(1)).sum();
  const grads = grad(f)({ table: float64([1, 2, 3]), at: indices });
  expect(grads.table.toArray()).toEqual([0, 4, 0]);
  expect([grads.at.dtype, grads.at.toArray()]).toEqual(['int32', [0, 0]]);
});

test('the cross-entropy of an ignored row is 0 and so is its gradient, whatever its logits', () => {
  const targets = tensor([0, 9], { dtype: 'int32' });
  const f = (x: Tensor): Tensor => softmaxCrossEntropy(x, targets, 9)[0];
  const logits = [
    [0, 0],
    [1e4, -1e4],
  ];
  expect(f(float64(logits)).toArray()).toEqual([Math.log(2), 0]);
  expect(slope(f, logits)).toEqual([
    [-0.5, 0.5],
    [0, 0],
  ]);
});
