/** Values and gradients of composed ops at ±∞, at NaN and at kinks: the documented choices. */
import { grad } from '@chronograd/autograd';
import { plan, type Tensor, tensor } from '@chronograd/tensor';
import { expect, test } from 'vitest';
import { float64 } from './plain.ts';

const { NaN: nan, POSITIVE_INFINITY: inf } = Number;
const slope = (f: (x: Tensor) => Tensor, at: number[] | number[][]): unknown =>
  grad((x: Tensor) => f(x).sum())(float64(at)).toArray();

test.each(['float32', 'float64'] as const)(
  'round takes the even of two equally near numbers, in %s',
  (dtype) => {
    const large = dtype === 'float32' ? 2 ** 23 - 0.5 : 2 ** 52 - 0.5;
    const x = tensor([0.5, 1.5, 2.5, -0.5, -1.5, -0.2, large, 1e30, inf, -inf, nan, -0], { dtype });
    const [near, far] = [large + 0.5, Math.fround(1e30)];
    const big = dtype === 'float32' ? far : 1e30;
    expect(x.round().toArray()).toEqual([0, 2, 2, -0, -2, -0, near, big, inf, -inf, nan, -0]);
    expect(x.floor().toArray()).toEqual([0, 1, 2, -1, -2, -1, near - 1, big, inf, -inf, nan, -0]);
  },
);

test('round and floor have gradient 0, and leave int32 as it is', () => {
  expect(slope((x) => x.round(), [0.5, 2.2, inf])).toEqual([0, 0, 0]);
  expect(slope((x) => x.floor(), [1, 2.2, nan])).toEqual([0, 0, 0]);
  const whole = tensor([3, -2147483648], { dtype: 'int32' });
  for (const y of [whole.round(), whole.floor()]) expect(y.toArray()).toEqual([3, -2147483648]);
});

test('sin and cos are NaN at ±∞, erf is ±1, with gradient 0; gelu is NaN at −∞', () => {
  const x = float64([-inf, inf, nan, -0]);
  expect(x.sin().toArray()).toEqual([nan, nan, nan, -0]);
  expect(x.cos().toArray()).toEqual([nan, nan, nan, 1]);
  expect(x.erf().toArray()).toEqual([-1, 1, nan, -0]);
  expect(slope((a) => a.erf(), [-inf, 1e200, inf])).toEqual([0, 0, 0]);
  expect(x.gelu().toArray()).toEqual([nan, inf, nan, -0]);
  expect(x.gelu('tanh').toArray()).toEqual([nan, inf, nan, -0]);
});

test('sort is stable, and NaN is largest, in both directions', () => {
  const x = float64([nan, 1, inf, -0, 0, nan, 1]);
  expect(x.argsort().toArray()).toEqual([3, 4, 1, 6, 2, 0, 5]);
  expect(x.argsort(-1, true).toArray()).toEqual([0, 5, 2, 1, 6, 3, 4]);
  expect(x.sort().values.toArray()).toEqual([-0, 0, 1, 1, inf, nan, nan]);
  expect(x.topk(3).indices.toArray()).toEqual([0, 5, 2]);
  expect(x.topk(2, 0, false).values.toArray()).toEqual([-0, 0]);
  expect(slope((a) => a.topk(2).values.mul(float64([3, 5])), [1, 7, 7])).toEqual([0, 3, 5]);
  const whole = tensor([5, -2147483648, 3], { dtype: 'int32' });
  expect(whole.sort(0, true).values.toArray()).toEqual([5, 3, -2147483648]);
});

test('isFinite is 0 at ±∞ and NaN', () => {
  expect(float64([0, 1e308, inf, -inf, nan]).isFinite().toArray()).toEqual([1, 1, 0, 0, 0]);
});

test('logSigmoid has its limits at ±∞, and slope ½ at 0', () => {
  expect(float64([-inf, -800, 800, inf, nan]).logSigmoid().toArray()).toEqual([-inf, -800, -0, -0, nan]);
  expect(slope((x) => x.logSigmoid(), [-inf, -800, 0, 800, inf])).toEqual([1, 1, 0.5, -0, -0]);
});

test('the gradient of prod is right with one zero, with two, and for nothing', () => {
  expect(slope((x) => x.prod(), [2, 0, 3])).toEqual([0, 6, 0]);
  expect(slope((x) => x.prod(), [2, 0, 0, 5])).toEqual([0, 0, 0, 0]);
  expect(tensor([], { dtype: 'float64' }).prod().item()).toBe(1);
});

test('std of a constant is 0 with gradient 0, however the constant rounds', () => {
  for (const value of [0.1, 1e300, 3]) {
    const row = [value, value, value];
    expect(float64(row).std().item()).toBe(0);
    expect(slope((x) => x.std(), row)).toEqual([0, 0, 0]);
  }
  expect(float64([1]).std(undefined, false, 1).item()).toBe(nan);
});

test('argmin takes the first of several, and the first NaN, also at the least int32', () => {
  expect(float64([2, -1, -1]).argmin().item()).toBe(1);
  expect(float64([2, nan, -inf, nan]).argmin().item()).toBe(1);
  expect(tensor([0, -2147483648, 5], { dtype: 'int32' }).argmin().item()).toBe(1);
});

test('cumsum goes on after an infinity, and is exact for int32', () => {
  expect(float64([1, inf, 1, -inf, 1]).cumsum(0).toArray()).toEqual([1, inf, inf, nan, nan]);
  expect(tensor([1, 2, 3, 4, 5], { dtype: 'int32' }).cumsum(-1).toArray()).toEqual([1, 3, 6, 10, 15]);
  expect(slope((x) => x.cumsum(0), [0, 0, 0, 0])).toEqual([4, 3, 2, 1]);
});

test('an element taken several times gets the sum of the gradients', () => {
  const indices = tensor([[2, 2, 0]], { dtype: 'int32' });
  expect(slope((x) => x.takeAlong(indices, 1), [[1, 2, 3]])).toEqual([[1, 0, 2]]);
});

test('composed ops give the same bits when a plan replays them', () => {
  const f = (x: Tensor): Tensor => x.std(1).add(x.cumsum(1).prod(1)).add(x.round().lerp(x, 0.25).sum(1));
  const planned = plan(f);
  for (const seed of [1, 2, 3]) {
    const x = float64([
      [0.5 * seed, 2, -1],
      [seed, 3, 0.1],
    ]);
    expect(planned(x).toArray()).toEqual(f(x).toArray());
  }
});
