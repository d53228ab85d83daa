/**
 * Rules of elementwise primitives. A rule may return the broadcast shape; the engine sums over
 * broadcast axes. A rule selects with `where`, never by a product with 0 and 1, since 0 · ∞ is NaN.
 */
import { equal, less, lessEqual, type Tensor, where } from '@chronograd/tensor';
import { sigmoidGrad, tanhGrad } from '@chronograd/tensor/engine';
import { constant, type Rules } from './types.ts';

export const unaryRules: Rules<
  | 'neg'
  | 'abs'
  | 'sign'
  | 'sqrt'
  | 'exp'
  | 'expm1'
  | 'log'
  | 'log1p'
  | 'tanh'
  | 'sigmoid'
  | 'sin'
  | 'cos'
  | 'erf'
  | 'relu'
> = {
  neg: [(g) => g.neg()],
  abs: [(g, _, x) => where(less(0, x), g, where(less(x, 0), g.neg(), 0))],
  sign: constant,
  sqrt: [(g, y) => g.div(y).mul(0.5)],
  exp: [(g, y) => g.mul(y)],
  expm1: [(g, y) => g.mul(y.add(1))],
  log: [(g, _, x) => g.div(x)],
  log1p: [(g, _, x) => g.div(x.add(1))],
  tanh: [(g, y) => tanhGrad(g, y)],
  sigmoid: [(g, y) => sigmoidGrad(g, y)],
  sin: [(g, _, x) => g.mul(x.cos())],
  cos: [(g, _, x) => g.mul(x.sin()).neg()],
  // 2/√π · e^(−x²)
  erf: [
    (g, _, x) =>
      g.mul(
        x
          .square()
          .neg()
          .exp()
          .mul(2 / Math.sqrt(Math.PI)),
      ),
  ],
  relu: [(g, _, x) => where(lessEqual(x, 0), 0, g)],
};

export const binaryRules: Rules<
  | 'add'
  | 'sub'
  | 'mul'
  | 'div'
  | 'pow'
  | 'maximum'
  | 'minimum'
  | 'equal'
  | 'notEqual'
  | 'less'
  | 'lessEqual'
  | 'tanhGrad'
  | 'sigmoidGrad'
  | 'where'
> = {
  add: [(g) => g, (g) => g],
  sub: [(g) => g, (g) => g.neg()],
  mul: [(g, _, __, b) => g.mul(b), (g, _, a) => g.mul(a)],
  div: [(g, _, __, b) => g.div(b), (g, y, _, b) => g.mul(y).div(b).neg()],
  // b·a^(b−1), which is 0 where b is; y·log a, which is 0 where a is 0 and b is not negative.
  pow: [
    (g, _, a, b) => {
      // Only where the formula fails, so that ∂²aᵇ/∂a∂b = 1/a elsewhere.
      const works = lessEqual(SMALLEST, a.abs()).mul(equal(g.sub(g), 0));
      const none = less(works, equal(b, 0));
      return where(none, 0, g)
        .mul(b)
        .mul(where(none, 1, a).pow(b.sub(1)));
    },
    (g, y, a, b) => {
      const none = equal(a, 0).mul(b.greaterEqual(0));
      return where(none, 0, g)
        .mul(y)
        .mul(where(none, 1, a).log());
    },
  ],
  maximum: [(g, _, a, b) => unlessLess(a, b, g), (g, _, a, b) => unlessLess(b, a, g)],
  minimum: [(g, _, a, b) => unlessLess(b, a, g), (g, _, a, b) => unlessLess(a, b, g)],
  equal: constant,
  notEqual: constant,
  less: constant,
  lessEqual: constant,
  // y = h·(1 − a²)
  tanhGrad: [(g, _, __, a) => tanhGrad(g, a), (g, _, h, a) => g.mul(h).mul(a).mul(-2)],
  // y = h·a·(1 − a)
  sigmoidGrad: [(g, _, __, a) => sigmoidGrad(g, a), (g, _, h, a) => g.mul(h).mul(a.mul(-2).add(1))],
  where: [constant, (g, _, c) => where(c, g, 0), (g, _, c) => where(c, 0, g)],
};

/** `g` for the larger operand, half of it where both are equal, and all of it where one is NaN. */
const unlessLess = (a: Tensor, other: Tensor, g: Tensor): Tensor =>
  where(less(a, other), 0, where(equal(a, other), g.mul(0.5), g));

/** The smallest normal number of float32. Its reciprocal is finite in both dtypes. */
const SMALLEST = 2 ** -126;
