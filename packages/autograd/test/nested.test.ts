/**
 * Nested gradients: each level has its own perturbation, and outer levels include the inner ones.
 */
import { customGradient, grad, stopGradient, valueAndGrad } from '@chronograd/autograd';
import { Parameter, type Tensor } from '@chronograd/tensor';
import { expect, test } from 'vitest';
import { float64 } from './rules/plain.ts';

/** The derivative of a function of one number. */
const d =
  (f: (x: Tensor) => Tensor) =>
  (x: Tensor): Tensor =>
    grad(f)(x);
const at = (f: (x: Tensor) => Tensor, x: number): number => f(float64(x)).item();

test('perturbations are not confused: d/dx (x · d/dy (x + y)) is 1', () => {
  // Siskind and Pearlmutter, 2005: an engine with one tag for all levels says 2.
  expect(
    at(
      d((x) => x.mul(d((y) => x.add(y))(float64(1)))),
      1,
    ),
  ).toBe(1);
  expect(
    at(
      d((x) => x.mul(d((y) => x.add(y))(x))),
      1,
    ),
  ).toBe(1);
});

test('an inner function may close over the outer variable', () => {
  // d/dx (x · d/dy (x·y)) = d/dx x² and, at y = x, d/dx (d/dy (x·y²)) = d/dx 2x².
  expect(
    at(
      d((x) => x.mul(d((y) => x.mul(y))(float64(7)))),
      3,
    ),
  ).toBe(6);
  expect(
    at(
      d((x) => d((y) => x.mul(y).mul(y))(x)),
      3,
    ),
  ).toBe(12);
  // d/dx (d/dy (x²·y³)) at y = 2x: 12·d/dx x⁴.
  expect(
    at(
      d((x) => d((y) => x.square().mul(y.pow(3)))(x.mul(2))),
      2,
    ),
  ).toBe(12 * 4 * 8);
});

test('an inner gradient of the outer variable itself takes it as a constant elsewhere', () => {
  // Inside, y stands for x's value alone: d/dx [d/dy (x·y)] at y = x is d/dx x.
  expect(
    at(
      d((x) => d((y) => x.mul(y))(x)),
      5,
    ),
  ).toBe(1);
  // Both places of the inner product are y.
  expect(
    at(
      d((x) => d((y) => y.mul(y))(x)),
      5,
    ),
  ).toBe(2);
});

test('perturbations of tensors are not confused either', () => {
  const a = float64([2, -1, 3]);
  // Σᵢ xᵢ · ∂/∂yᵢ Σ (x + y)·a = Σ xᵢ·aᵢ.
  const f = (x: Tensor): Tensor => x.mul(d((y) => x.add(y).mul(a).sum())(float64([1, 1, 1]))).sum();
  expect(d(f)(float64([5, 6, 7])).toArray()).toEqual([2, -1, 3]);
  // Σᵢ ∂/∂yᵢ Σ x·y² at y = x: Σ 2·x².
  const g = (x: Tensor): Tensor => d((y) => x.mul(y.square()).sum())(x).sum();
  expect(d(g)(float64([5, 6, 7])).toArray()).toEqual([20, 24, 28]);
  // Through a product: ∂/∂Y Σ (X·Y)·C = Xᵀ·C.
  const c = float64([1, 2, 3, 4]).reshape([2, 2]);
  const h = (x: Tensor): Tensor =>
    d((y) => x.matmul(y).mul(c).sum())(x)
      .mul(c)
      .sum();
  // d/dX Σ (Xᵀ·C)·C = C·Cᵀ.
  const gram = [
    [5, 11],
    [11, 25],
  ];
  expect(d(h)(float64([7, 8, 9, 10]).reshape([2, 2])).toArray()).toEqual(gram);
});

test('three levels are kept apart', () => {
  // d/dx (x · d/dy (y · d/dz (x·y·z))): the innermost is x·y, then 2·x·y at y = 3, then 12·x.
  const f = (x: Tensor): Tensor => x.mul(d((y) => y.mul(d((z) => x.mul(y).mul(z))(float64(1))))(float64(3)));
  expect(at(d(f), 2)).toBe(24);
});

test('an inner gradient called twice, at one place or two, gives the same as two functions', () => {
  const slope = d((y) => y.pow(3));
  // x · 3x² + 3(2x)²: 9x² + 24x.
  const f = (x: Tensor): Tensor => x.mul(slope(x)).add(slope(x.mul(2)));
  expect(at(d(f), 2)).toBe(36 + 48);
  // (3x²)², the gradient at one place used twice.
  const g = (x: Tensor): Tensor => slope(x).mul(slope(x));
  expect(at(d(g), 2)).toBe(36 * 8);
});

test('an inner value and what comes along belong to the outer function too', () => {
  const inner = valueAndGrad((y: Tensor) => ({ value: y.pow(3).sum(), aux: { root: y.sqrt() } }));
  const f = (x: Tensor): Tensor => {
    const { value, grads, aux } = inner(x.square());
    return value.add(grads.sum()).add(aux.root.sum());
  };
  // x⁶ + 3x⁴ + x.
  expect(at(d(f), 2)).toBe(6 * 32 + 12 * 8 + 1);
});

test('inner gradients of a target, with the outer function following the same target', () => {
  const w = new Parameter(float64([2]));
  const x = float64([3]);
  const inner = grad({ w }, () => w.pow(3).mul(x).sum());
  // The inner is 3w²x; the outer differentiates it by w.
  const outer = grad({ w }, () => inner().w.sum());
  expect(outer().w.toArray()).toEqual([36]);
  expect(inner().w.toArray()).toEqual([36]);
});

test('a step of descent inside can be differentiated through, or stopped', () => {
  // L(w) = w³; w' = w − α·3w²; d/dw L(w') = 3w'²·(1 − 6αw), and 3w'² where the inner gradient
  // counts as a constant.
  const [alpha, w] = [0.1, 2];
  const loss = (v: Tensor): Tensor => v.pow(3);
  const after = w - alpha * 3 * w * w;
  const through = d((v) => loss(v.sub(d(loss)(v).mul(alpha))));
  const stopped = d((v) => loss(v.sub(stopGradient(d(loss)(v)).mul(alpha))));
  expect(Math.abs(at(through, w) - 3 * after ** 2 * (1 - 6 * alpha * w))).toBeLessThan(1e-14);
  expect(Math.abs(at(stopped, w) - 3 * after ** 2)).toBeLessThan(1e-14);
});

test('a function with its own backward is differentiated as its backward says, at every order', () => {
  const cube = customGradient(
    (x: Tensor) => x.pow(3),
    (g, _, x) => [g.mul(x.square()).mul(3)],
  );
  expect(at(d(cube), 2)).toBe(12);
  expect(at(d(d(cube)), 2)).toBe(12);
  expect(at(d(d(d(cube))), 2)).toBe(6);
});

test('a gradient within a custom backward is part of the outer gradient', () => {
  // Its backward is g · d/dy y³ = 3g·x², whose own derivative is 6x.
  const f = customGradient(
    (x: Tensor) => x.pow(3),
    (g, _, x) => [g.mul(d((y) => y.pow(3))(x))],
  );
  expect(at(d(d(f)), 2)).toBe(12);
});
