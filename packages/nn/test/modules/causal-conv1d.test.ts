import { grad, gradcheck } from '@chronograd/autograd';
import { DtypeError, normal, Random, ShapeError, type Tensor, tensor, zeros } from '@chronograd/tensor';
import { expect, test } from 'vitest';
import { CausalConv1d } from '../../src/index.ts';
import { relativeError } from '../differences.ts';

const dtype = 'float64';
const random = new Random(1);
const numbers = (x: Tensor): number[] => [...x.toTypedArray()];
const [T, B, I, O] = [9, 2, 3, 2];
const SIZES = [1, 2, 3].flatMap((K) => [1, 2, 4].map((dilation) => [K, dilation] as const));
const make = (K: number, dilation: number) => new CausalConv1d(I, O, K, { dilation, dtype, random });

test.each(SIZES)('With kernel %d and dilation %d it is b + Σ W_k·x_{t − (K − 1 − k)·d}', (K, dilation) => {
  const conv = make(K, dilation);
  const x = normal([T, B, I], { random, dtype });
  const [at, w, b] = [numbers(x), numbers(conv.weight), numbers(conv.bias!)];
  const wanted = Array.from({ length: T * B * O }, (_, n) => {
    const [t, row, o] = [Math.floor(n / (B * O)), Math.floor(n / O) % B, n % O];
    let sum = b[o]!;
    for (let k = 0; k < K; k++) {
      const before = t - (K - 1 - k) * dilation;
      for (let i = 0; i < I && before >= 0; i++)
        sum += w[(o * I + i) * K + k]! * at[(before * B + row) * I + i]!;
    }
    return sum;
  });
  expect(relativeError(numbers(conv.forward(x)), wanted)).toBeLessThanOrEqual(1e-14);
});

test.each(SIZES)(
  'With kernel %d and dilation %d an output reads its K steps and no later one',
  (K, dilation) => {
    const conv = make(K, dilation);
    const x = normal([T, B, I], { random, dtype });
    for (let t = 0; t < T; t++) {
      const g = grad((at: Tensor) => conv.forward(at).select(t).sum())(x);
      const read = Array.from({ length: T }, (_, s) => numbers(g.select(s)).some((each) => each !== 0));
      const wanted = read.map((_, s) => s <= t && (t - s) % dilation === 0 && (t - s) / dilation < K);
      expect(read).toEqual(wanted);
    }
  },
);

test('Its gradients equal differences, first and second order', () => {
  const x = normal([4, B, I], { random, dtype });
  gradcheck((conv: CausalConv1d, at: Tensor) => conv.forward(at), [make(2, 2), x], { order: 2 });
});

test('Its weight starts within ±1/√(I·K), as in PyTorch, and its options are checked', () => {
  const conv = new CausalConv1d(8, 8, 4, { random });
  expect(conv.weight.shape).toEqual([8, 8, 4]);
  expect(Math.max(...numbers(conv.weight).map(Math.abs))).toBeLessThanOrEqual(1 / Math.sqrt(32));
  expect(new CausalConv1d(1, 1, 1, { random, bias: false }).bias).toBe(null);
  expect(conv.forward(zeros([0, 2, 8])).shape).toEqual([0, 2, 8]);
  const refused = (call: () => unknown) => expect(call);
  refused(() => new CausalConv1d(1, 1, 0, { random })).toThrow('a whole number from 1 on for kernelSize');
  refused(() => new CausalConv1d(1, 1, 2, { random, dilation: 0 })).toThrow('from 1 on for dilation');
  refused(() => conv.forward(zeros([3, 2, 7]))).toThrow(ShapeError);
  refused(() => conv.forward(zeros([3, 8]))).toThrow(
    'CausalConv1d: expected x of shape [T, B, 8], got [3, 8]',
  );
  refused(() => conv.forward(tensor([[[1]]], { dtype: 'int32' }))).toThrow(DtypeError);
});
