/** Where naive formulas overflow, values, gradients and second derivatives are finite and right. */
import { hvp, vjp } from '@chronograd/autograd';
import { softmaxCrossEntropy, type Tensor, tensor } from '@chronograd/tensor';
import { describe, expect, test } from 'vitest';
import { expectEqual } from './laws.ts';
import { inner, toTensor, total } from './plain.ts';

const minus = Number.NEGATIVE_INFINITY;

/** Spreads of 1e4, those of Flux's softmax tests, ties, and classes that are ruled out. */
const logits: readonly number[][] = [
  [1e4, -1e4, 0],
  [-1e4, -1e4, -1e4],
  [-431, 279, 427],
  [-1047, -981, 1891],
  [800, 800, -800],
  [1e300, 1e300, -1e300],
  [0, minus, 1],
  [minus, minus, 3],
  [minus, -1e4, -1e4 + 1],
];

const u = [0.5, -1.25, 2];
const v = [1, 0.75, -0.5];

const vector = (values: readonly number[]): Tensor => toTensor({ shape: [values.length], values });

function softmax(x: readonly number[]): number[] {
  const highest = Math.max(...x);
  const e = x.map((each) => Math.exp(each - highest));
  return e.map((each) => each / total(e));
}

function logSumExp(x: readonly number[]): number {
  const highest = Math.max(...x);
  return highest + Math.log(total(x.map((each) => Math.exp(each - highest))));
}

/** Without the digits that x − logSumExp(x) would lose. */
function logSoftmax(x: readonly number[]): number[] {
  const highest = Math.max(...x);
  return x.map((each) => each - highest - Math.log(total(x.map((other) => Math.exp(other - highest)))));
}

/** How softmax changes as the logits move along `d`. */
function moves(p: readonly number[], d: readonly number[]): number[] {
  return p.map((each, i) => each * (d[i]! - inner(p, d)));
}

/** The value, ⟨w, f⟩'s gradient, and its Hessian times v. */
function check(
  f: (x: Tensor) => Tensor,
  x: readonly number[],
  w: readonly number[],
  expected: { readonly value: number[]; readonly gradient: number[]; readonly second: number[] },
): void {
  const value = f(vector(x));
  const shape = value.shape;
  expectEqual(value, { shape, values: expected.value });
  const weights = toTensor({ shape, values: w });
  expectEqual(vjp(f, vector(x), weights).grads, { shape: [x.length], values: expected.gradient });
  const summed = (at: Tensor): Tensor => f(at).mul(weights).sum();
  expectEqual(hvp(summed, vector(x), vector(v.slice(0, x.length))).product, {
    shape: [x.length],
    values: expected.second,
  });
}

describe.each(logits.map((x) => [x]))('at logits %j', (x) => {
  const p = softmax(x);
  const finite = x.every(Number.isFinite);

  test('softmax', () => {
    const change = moves(p, v);
    check((t) => t.softmax(), x, u, {
      value: p,
      gradient: moves(p, u),
      second: change.map((each, i) => each * (u[i]! - inner(p, u)) - p[i]! * inner(change, u)),
    });
  });

  test('logSumExp', () => {
    check((t) => t.logSumExp(), x, [2], {
      value: [logSumExp(x)],
      gradient: p.map((each) => 2 * each),
      second: moves(p, v).map((each) => 2 * each),
    });
  });

  test('logSoftmax', () => {
    check((t) => t.logSoftmax(), x, u, {
      value: logSoftmax(x),
      gradient: p.map((each, i) => u[i]! - total(u) * each),
      second: moves(p, v).map((each) => -total(u) * each),
    });
  });

  test('softmax cross-entropy', () => {
    const target = finite ? 1 : 2;
    const targets = tensor([target], { dtype: 'int32' });
    check((t) => softmaxCrossEntropy(t.reshape([1, 3]), targets)[0], x, [2], {
      value: [-logSoftmax(x)[target]!],
      gradient: p.map((each, i) => 2 * (each - (i === target ? 1 : 0))),
      second: moves(p, v).map((each) => 2 * each),
    });
  });
});

test.each([0, -0, 1e-300, 40, -40, 800, -800, 1e4, -1e4, 1e308, -1e308, minus])('softplus at %d', (x) => {
  const s = x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x));
  // 1 − s loses its digits where s is about 1; it is s at −x.
  const rest = x >= 0 ? Math.exp(-x) / (1 + Math.exp(-x)) : 1 / (1 + Math.exp(x));
  check((t) => t.softplus(), [x], [2], {
    value: [Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)))],
    gradient: [2 * s],
    second: [2 * s * rest * v[0]!],
  });
});

test('a row whose every logit is −Infinity has logSumExp −Infinity', () => {
  expect(vector([minus, minus]).logSumExp().item()).toBe(minus);
});

test('a logit of +Infinity is passed on by logSumExp', () => {
  expect(vector([0, Number.POSITIVE_INFINITY]).logSumExp().item()).toBe(Number.POSITIVE_INFINITY);
});
