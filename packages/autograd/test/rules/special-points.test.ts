/** Gradients at kinks, poles and ties: the documented choices. */
import { grad, hvp, jvp, valueAndGrad } from '@chronograd/autograd';
import { linear, softmaxCrossEntropy, type Tensor, tensor, where, zeros } from '@chronograd/tensor';
import { expect, test } from 'vitest';
import { float64 } from './plain.ts';

/** The gradient of the sum of f. */
const slope = (f: (x: Tensor) => Tensor, at: number[] | number[][]): unknown =>
  grad((x: Tensor) => f(x).sum())(float64(at)).toArray();

/** The second derivative of the sum of an elementwise f. */
const curvature = (f: (x: Tensor) => Tensor, at: number[]): unknown =>
  hvp((x: Tensor) => f(x).sum(), float64(at), float64(at.map(() => 1))).product.toArray();

const { NaN: nan, POSITIVE_INFINITY: infinity } = Number;

test('the gradient of relu at 0, of either sign, is 0', () => {
  expect(slope((x) => x.relu(), [-1, -0, 0, 1])).toEqual([0, 0, 0, 1]);
});

test('the gradient of abs at 0 is 0', () => {
  expect(slope((x) => x.abs().mul(3), [-2, 0, 2])).toEqual([-3, 0, 3]);
});

test.each(['maximum', 'minimum'] as const)(
  '%s gives each operand half of the gradient where they are equal',
  (name) => {
    const f = (a: Tensor, b: Tensor): Tensor => a[name](b).mul(6).sum();
    const [a, b] = grad(([a, b]: readonly [Tensor, Tensor]) => f(a, b))([float64([1, 2, 3]), float64([2])]);
    expect(b.toArray()).toEqual(name === 'maximum' ? [6 + 3] : [3 + 6]);
    expect(a.toArray()).toEqual(name === 'maximum' ? [0, 3, 6] : [6, 3, 0]);
  },
);

test.each(['maximum', 'minimum'] as const)(
  '%s of a tensor with itself has the gradient of that tensor',
  (name) => {
    expect(slope((x) => x[name](x), [1, -2, 0])).toEqual([1, 1, 1]);
  },
);

test.each(['max', 'min'] as const)(
  '%s shares its gradient evenly among those that reach the extreme',
  (name) => {
    const sign = name === 'max' ? 1 : -1;
    const x = [
      [5, 1, 5],
      [5, 2, 0],
    ].map((row) => row.map((each) => each * sign));
    const along = (axes?: number | number[]): unknown => slope((t) => t[name](axes).mul(6), x);
    expect(along()).toEqual([
      [2, 0, 2],
      [2, 0, 0],
    ]);
    expect(along(0)).toEqual([
      [3, 0, 6],
      [3, 6, 0],
    ]);
    expect(along(1)).toEqual([
      [3, 0, 3],
      [6, 0, 0],
    ]);
    expect(along([0, 1])).toEqual(along());
  },
);

test('clamp passes the gradient between its limits, half of it on them, none beyond', () => {
  expect(slope((x) => x.clamp(-1, 2), [-3, -1, 0, 2, 5])).toEqual([0, 0.5, 1, 0.5, 0]);
});

test('a whole power of 0 has the derivatives of the polynomial', () => {
  const derivatives = [0, 1, 2, 3].map((k) => slope((x) => x.pow(k), [0]));
  expect(derivatives).toEqual([[0], [1], [0], [0]]);
  const second = [0, 1, 2, 3].map((k) => curvature((x) => x.pow(k), [0]));
  expect(second).toEqual([[0], [0], [2], [0]]);
});

test('a root has an infinite gradient at 0, by sqrt and by pow', () => {
  expect(slope((x) => x.sqrt(), [0, 4])).toEqual([infinity, 0.25]);
  expect(slope((x) => x.pow(0.5), [0, 4])).toEqual([infinity, 0.25]);
});

test('a power of 0 does not change with its exponent, unless that is negative', () => {
  expect(slope((b) => float64([0, 0, 0]).pow(b), [0, 0.5, 2])).toEqual([0, 0, 0]);
  expect(slope((b) => float64([0]).pow(b), [-1])).toEqual([-infinity]);
});

test('base and exponent move together also where the exponent is 0: ∂²aᵇ/∂a∂b is 1/a there', () => {
  const f = ([a, b]: readonly [Tensor, Tensor]): Tensor => a.pow(b);
  const [zero, one] = [float64(0), float64(1)];
  const inputs = [float64(4), zero] as const;
  expect(hvp(f, inputs, [zero, one]).product.map((each) => each.item())).toEqual([0.25, Math.log(4) ** 2]);
  expect(hvp(f, inputs, [one, zero]).product.map((each) => each.item())).toEqual([0, 0.25]);
});

test('a linear map of no features is what is added, and sends the gradient there', () => {
  const [x, w, plus] = [zeros([2, 3, 0]), zeros([4, 0]), zeros([2, 3, 4])];
  expect(linear(x, w, plus.add(7)).toArray()).toEqual(plus.add(7).toArray());
  const grads = grad((all: readonly [Tensor, Tensor, Tensor]) => linear(...all).sum())([x, w, plus]);
  expect(grads.map((each) => each.shape)).toEqual([x.shape, w.shape, plus.shape]);
  expect(grads[2].toArray()).toEqual(plus.add(1).toArray());
});

test('where sends no gradient to the side not taken, whatever it contains', () => {
  const taken = float64([1, 0]);
  const f = ([a, b]: readonly [Tensor, Tensor]): Tensor => where(taken, a, b).mul(2).sum();
  const { value, grads } = valueAndGrad(f)([float64([3, nan]), float64([infinity, 4])]);
  expect(value.item()).toBe(14);
  expect(grads.map((each) => each.toArray())).toEqual([
    [2, 0],
    [0, 2],
  ]);
});

test('norm and its gradient neither vanish nor overflow where the squares would', () => {
  for (const size of [1e-40, 1e-30, 1e-20, 1e20, 1e30, 1e38]) {
    const [v] = new Float32Array([size]);
    const x = tensor([3 * v! * 0.5, -4 * v! * 0.5]);
    expect(x.norm().item() / (2.5 * v!)).toBeCloseTo(1, 3);
    const [right, left] = grad((y: Tensor) => y.norm())(x).toTypedArray();
    expect(right).toBeCloseTo(0.6, 3);
    expect(left).toBeCloseTo(-0.8, 3);
  }
});

test('norm has gradient and tangent 0 at 0, in that row alone, and no second derivative there', () => {
  expect(slope((x) => x.norm(), [0, 0])).toEqual([0, 0]);
  expect(jvp((x: Tensor) => x.norm(), float64([0, 0]), float64([1, infinity])).tangent.item()).toBe(0);
  const rows = [
    [0, 0, 0],
    [3, 4, 12],
  ];
  expect(slope((x) => x.norm(1).mul(13), rows)).toEqual(rows);
  const squared = (x: Tensor): Tensor => x.norm(1).square().sum();
  const ones = float64(rows).mul(0).add(1);
  const [none, second] = hvp(squared, float64(rows), ones).product.toArray() as number[][];
  expect(none).toEqual([nan, nan, nan]);
  for (const each of second!) expect(each).toBeCloseTo(2, 12);
  expect(hvp((x: Tensor) => x.norm(), float64([0, 0]), float64([1, 1])).product.toArray()).toEqual([
    nan,
    nan,
  ]);
  const plain = (x: Tensor): Tensor => x.square().sum();
  expect(hvp(plain, float64([0, 0]), float64([1, 1])).product.toArray()).toEqual([2, 2]);
});

test('a clipped element gets gradient 0, even through a pole', () => {
  expect(slope((x) => x.maximum(0).sqrt(), [-1, 4])).toEqual([0, 0.25]);
  expect(slope((x) => x.clamp(0, infinity).sqrt(), [-1, 4])).toEqual([0, 0.25]);
  expect(slope((x) => x.clamp(0, 1).log(), [-1, 0.5])).toEqual([0, 2]);
  expect(slope((x) => x.minimum(0).reciprocal(), [1])).toEqual([0]);
  expect(slope((x) => x.max().log(), [-1, 0])).toEqual([0, infinity]);
  expect(slope((x) => x.relu().sqrt(), [-1, 4])).toEqual([0, 0.25]);
  expect(slope((x) => x.norm().sqrt(), [0, 0])).toEqual([0, 0]);
  expect(slope((x) => x.abs().sqrt(), [0, 4])).toEqual([0, 0.25]);
});

test('NaN has the gradients that PyTorch gives it', () => {
  expect(slope((x) => x.relu(), [nan])).toEqual([1]);
  expect(slope((x) => x.abs(), [nan])).toEqual([0]);
  expect(slope((x) => x.max(), [1, nan, nan])).toEqual([0, 0.5, 0.5]);
  expect(slope((x) => x.min(), [1, nan, nan])).toEqual([0, 0.5, 0.5]);
  for (const name of ['maximum', 'minimum'] as const) {
    expect(slope((x) => x[name](float64([1, nan, nan])), [nan, 1, nan])).toEqual([1, 1, 1]);
    expect(slope((x) => float64([1, nan, nan])[name](x), [nan, 1, nan])).toEqual([1, 1, 1]);
  }
});

test('a power of 0 has gradient 0 whatever its base and its cotangent are, by a number and by a tensor', () => {
  const bases = [5e-324, 0, -1e-310, 3, nan, infinity, -infinity];
  for (const exponent of [0, float64(0)]) {
    for (const factor of [1, infinity, nan]) {
      const f = (x: Tensor): Tensor => x.pow(exponent).mul(factor);
      for (const derivative of [slope(f, bases), curvature(f, bases)])
        for (const value of derivative as number[]) expect(Math.abs(value)).toBe(0);
    }
  }
});

test('NaN in an ignored row of cross-entropy reaches its gradient only if its probabilities are used', () => {
  const targets = tensor([-1, 0], { dtype: 'int32' });
  const logits = [
    [nan, 1],
    [1, 1],
  ];
  const gradient = (weights: number[][]): unknown =>
    slope((x) => softmaxCrossEntropy(x, targets, -1)[1].mul(float64(weights)), logits);
  const used = [2, -2];
  expect(gradient([[0, 0], used])).toEqual([
    [0, 0],
    [1, -1],
  ]);
  expect(gradient([[1, 0], used])).toEqual([
    [nan, nan],
    [1, -1],
  ]);
});
