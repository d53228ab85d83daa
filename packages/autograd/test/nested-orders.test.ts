/** Derivatives of higher order, and the ways that lead to the same ones. */
import { grad, hvp, jvp, vjp } from '@chronograd/autograd';
import { type Tensor, tensor } from '@chronograd/tensor';
import { expect, test } from 'vitest';
import { expectEqual } from './rules/laws.ts';
import { decimals, float64, fromTensor, toTensor } from './rules/plain.ts';

/** The derivative of a function of one number. */
const d =
  (f: (x: Tensor) => Tensor) =>
  (x: Tensor): Tensor =>
    grad(f)(x);
const at = (f: (x: Tensor) => Tensor, x: number): number => f(float64(x)).item();

test('all derivatives of x⁴', () => {
  const f = (x: Tensor): Tensor => x.mul(x).mul(x).mul(x);
  expect(at(d(f), 1.5)).toBe(13.5);
  expect(at(d(d(f)), 1.5)).toBe(27);
  expect(at(d(d(d(f))), 1.5)).toBe(36);
  expect(at(d(d(d(d(f)))), 1.5)).toBe(24);
  expect(at(d(d(d(d(d(f))))), 1.5)).toBe(0);
});

test('higher derivatives of tanh, by recorded fused backwards', () => {
  const y = Math.tanh(0.3);
  const s = 1 - y * y;
  const derivatives = [y, s, -2 * y * s, (6 * y * y - 2) * s, (16 * y - 24 * y ** 3) * s];
  let f = (x: Tensor): Tensor => x.tanh();
  for (const expected of derivatives) {
    expect(Math.abs(at(f, 0.3) - expected)).toBeLessThan(1e-14);
    f = d(f);
  }
});

test('jvp of vjp, vjp of jvp, and grad of grad agree on one Hessian', () => {
  const f = (x: Tensor): Tensor => x.mul(x.flip()).tanh().mul(x.exp()).sum();
  const x = toTensor({ shape: [4], values: decimals(1, 4) });
  const v = toTensor({ shape: [4], values: decimals(2, 4) });
  const one = float64(1);
  const expected = fromTensor(hvp(f, x, v).product);
  expectEqual(jvp((y: Tensor) => vjp(f, y, one).grads, x, v).tangent, expected);
  expectEqual(vjp((y: Tensor) => jvp(f, y, v).tangent, x, one).grads, expected);
  expectEqual(grad((y: Tensor) => grad(f)(y).mul(v).sum())(x), expected);
});

test('jvp of jvp is the second derivative along a direction', () => {
  const f = (x: Tensor): Tensor => x.pow(3);
  const v = float64([2, 3]);
  const twice = jvp((x: Tensor) => jvp(f, x, v).tangent, float64([1, -1]), v).tangent;
  expect(twice.toArray()).toEqual([6 * 4, -6 * 9]);
});

test('hvp can be differentiated: third derivatives', () => {
  const v = float64([1, 1]);
  const f = (x: Tensor): Tensor => hvp((y: Tensor) => y.pow(4).sum(), x, v).product.sum();
  expect(grad(f)(float64([1, 2])).toArray()).toEqual([24, 48]);
});

test('structured cotangents are followed by outer tapes: slices, rows, products', () => {
  const rows = tensor([1, 1, 0], { dtype: 'int32' });
  const f = (w: Tensor): Tensor =>
    w.select(0).pow(3).sum().add(w.gather(rows).pow(3).sum()).add(w.matmul(w).pow(3).sum());
  const w = toTensor({ shape: [2, 2], values: decimals(3, 4) });
  const v = { shape: [2, 2], values: decimals(4, 4) };
  const { product } = hvp(f, w, toTensor(v));
  const h = 2 ** -11;
  const gradAt = (k: number): Float64Array =>
    grad(f)(w.add(toTensor(v).mul(k * h))).toTypedArray() as Float64Array;
  const [a, b, c, e] = [gradAt(-2), gradAt(-1), gradAt(1), gradAt(2)] as const;
  product.toTypedArray().forEach((each, i) => {
    const numeric = (a[i]! - 8 * b[i]! + 8 * c[i]! - e[i]!) / (12 * h);
    expect(Math.abs(each - numeric)).toBeLessThan(1e-9);
  });
});
