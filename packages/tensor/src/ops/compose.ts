/** Composed ops: plain functions of primitives. They need no gradient rule of their own. From easy to hard. */

import { arange } from '../create.ts';
import { checkDtype, requireFloat } from '../dtype.ts';
import { inNameOf, requireKeepDims, requireNumber, ShapeError, showShape } from '../errors.ts';
import { record, withoutRecording } from '../recorder.ts';
import { runtime } from '../runtime.ts';
import { checkShape, normalizeAxes, sameShape, sizeOf } from '../shape.ts';
import { shapeOf, type Tensor } from '../tensor.ts';
import { equal, greater, greaterEqual, maximum, minimum, mul, pow } from './binary.ts';
import { alias } from './copy.ts';
import { sigmoid, sqrt } from './elementwise.ts';
import { commonDtype, extend, requireTensor } from './launch.ts';
import { cast } from './moves.ts';
import type { Axes } from './reduce.ts';
import { checkIndices } from './rows.ts';
import { clipped } from './update.ts';
import { unsqueeze } from './views.ts';
import { where } from './where.ts';

/** x². */
export const square = (x: Tensor): Tensor => mul(requireTensor('square', x), x);

/** 1 / x. */
export const reciprocal = (x: Tensor): Tensor => pow(requireFloats('reciprocal', x), -1);

/** x · sigmoid(x), also known as swish. */
export const silu = (x: Tensor): Tensor => mul(requireFloats('silu', x), sigmoid(x));

/** log(1 + eˣ) without overflow: with s = ±1 the sign of x, relu(x) + log1p(e^(−s·x)). Smooth everywhere, 0 included. */
export function softplus(x: Tensor): Tensor {
  const positive = greaterEqual(requireFloats('softplus', x), 0);
  const magnitude = x.mul(positive.mul(2).sub(1));
  return where(positive, x, 0).add(magnitude.neg().exp().log1p());
}

/**
 * Limited to `low … high`; the gradient passes between the limits and is halved on them. Where low > high all is `high`, as in PyTorch.
 * NaN stays NaN, and passes the whole gradient on.
 * @throws ValueError for limits that are no numbers. Infinity is no limit.
 */
export function clamp(x: Tensor, low: number, high: number): Tensor {
  const op = 'clamp';
  const { dtype } = requireTensor(op, x);
  requireNumber(op, 'low', low, LIMIT, isLimit);
  requireNumber(op, 'high', high, LIMIT, isLimit);
  if (dtype !== 'int32' && !runtime.recording) return clipped(x, low, high);
  return inNameOf(op, () => minimum(maximum(x, low), high));
}

const LIMIT = 'a number (an infinite one is no limit)';
const isLimit = (value: number): boolean => !Number.isNaN(value);

/** Mean over axes (all, unless named). */
export function mean(x: Tensor, axes?: Axes, keepDims = false): Tensor {
  const count = countOf('mean', requireFloats('mean', x), axes);
  requireKeepDims('mean', keepDims);
  return x.sum(axes, keepDims).div(count);
}

/**
 * Mean squared distance from the mean; `correction` 1 divides by n − 1. Where nothing is left to divide by, it divides by 0, as PyTorch does.
 * @throws ValueError for a correction that is no finite number.
 */
export function variance(x: Tensor, axes?: Axes, keepDims = false, correction = 0): Tensor {
  const op = 'variance';
  const count = countOf(op, requireFloats(op, x), axes);
  requireKeepDims(op, keepDims);
  requireNumber(op, 'correction', correction, 'a finite number', Number.isFinite);
  const distance = x.sub(mean(x, axes, true));
  return square(distance)
    .sum(axes, keepDims)
    .div(Math.max(0, count - correction));
}

/**
 * Square root of the sum of squares over axes (all, unless named). The largest element is divided out first, so that no square overflows or
 * vanishes: two elements of 1e-30 have a norm of 1.4e-30 in float32, too. At 0 its gradient is 0 and its second derivative NaN, as in PyTorch; for
 * the squared norm use `x.square().sum()`, which has both.
 */
export function norm(x: Tensor, axes?: Axes, keepDims = false): Tensor {
  normalizeAxes('norm', axes, requireFloats('norm', x).rank);
  requireKeepDims('norm', keepDims);
  const scale = x.size === 0 ? null : magnitude(x, axes);
  const length = root(square(scale === null ? x : x.div(scale)).sum(axes, keepDims));
  return scale === null ? length : length.mul(scale.reshape(shapeOf(length)));
}

/** √x, whose gradient at 0 is 0. The gradient computes √x anew: a second backward pass goes through it, and is NaN at 0 by its 0 / 0. */
function root(x: Tensor): Tensor {
  const backward = (g: Tensor, y: Tensor, at: Tensor): readonly Tensor[] => {
    const zero = equal(y, 0);
    const divisor = where(zero, 1, sqrt(at));
    return [where(zero, 0, g).div(divisor).mul(0.5)];
  };
  const y = withoutRecording(() => sqrt(x));
  if (runtime.recording) record('custom', [x], { name: 'norm', backward }, y);
  return y;
}

/** The largest |x| over axes, which it keeps, as a constant; 1 where that is 0 or not finite. */
function magnitude(x: Tensor, axes?: Axes): Tensor {
  const largest = alias(x).abs().max(axes, true);
  return where(equal(largest.sub(largest), 0).mul(greater(largest, 0)), largest, 1);
}

/** log Σ eˣ along an axis (the last unless named), without overflow. */
export function logSumExp(x: Tensor, axis = -1, keepDims = false): Tensor {
  requireKeepDims('logSumExp', keepDims);
  const highest = finiteMax('logSumExp', x, axis);
  const total = x.sub(highest).exp().sum(axis, true).log().add(highest);
  return keepDims ? total : total.squeeze(axis);
}

/** eˣ / Σ eˣ along an axis (the last unless named). */
export function softmax(x: Tensor, axis = -1): Tensor {
  const highest = finiteMax('softmax', x, axis);
  const e = x.sub(highest).exp();
  return e.div(e.sum(axis, true));
}

/** log softmax along an axis (the last unless named), accurate where softmax underflows. */
export function logSoftmax(x: Tensor, axis = -1): Tensor {
  const highest = finiteMax('logSoftmax', x, axis);
  const shifted = x.sub(highest);
  return shifted.sub(shifted.exp().sum(axis, true).log());
}

/** The maximum as a constant: shifting by it changes no result, so that no gradient need pass. Infinite maxima shift by 0. */
function finiteMax(op: string, x: Tensor, axis: number): Tensor {
  requireFloats(op, x);
  const highest = inNameOf(op, () => alias(x).max(axis, true));
  return where(equal(highest.sub(highest), 0), highest, 0);
}

/** 1 at the index, 0 elsewhere. @param indices int32, any shape. @returns [indices' shape…, classes], float32 unless named. */
export function oneHot(indices: Tensor, classes: number, dtype: 'float32' | 'float64' = 'float32'): Tensor {
  checkShape('oneHot', [classes]);
  checkDtype('oneHot', dtype);
  checkIndices('oneHot', indices, classes);
  return cast(equal(unsqueeze(indices, -1), arange(classes, { dtype: 'int32' })), dtype);
}

/** Outer product of two vectors: [M], [N] → [M, N]. */
export function outer(a: Tensor, b: Tensor): Tensor {
  requireTensor('outer', a);
  requireTensor('outer', b);
  commonDtype('outer', a, b);
  if (a.rank !== 1 || b.rank !== 1) {
    throw new ShapeError(
      `outer: ${showShape(shapeOf(a))} and ${showShape(shapeOf(b))} came, two vectors were expected`,
    );
  }
  return unsqueeze(a, 1).mul(b);
}

/** Inner product of two tensors of one shape: Σ a·b. */
export function dot(a: Tensor, b: Tensor): Tensor {
  if (!sameShape(requireTensor('dot', a).shape, requireTensor('dot', b).shape)) {
    throw new ShapeError(
      `dot: ${showShape(shapeOf(a))} and ${showShape(shapeOf(b))} came, one shape was expected`,
    );
  }
  commonDtype('dot', a, b);
  return a.mul(b).sum();
}

function requireFloats(op: string, x: Tensor): Tensor {
  requireFloat(op, requireTensor(op, x).dtype);
  return x;
}

function countOf(op: string, x: Tensor, axes: Axes): number {
  return sizeOf(normalizeAxes(op, axes, x.rank).map((axis) => shapeOf(x)[axis]!));
}

declare module '../tensor.ts' {
  interface Tensor {
    /** x². */
    square(): Tensor;
    /** 1 / x. */
    reciprocal(): Tensor;
    /** x · sigmoid(x), also known as swish. */
    silu(): Tensor;
    /** log(1 + eˣ) without overflow. */
    softplus(): Tensor;
    /** Limited to `low … high`. */
    clamp(low: number, high: number): Tensor;
    /** Mean over axes (all, unless named). */
    mean(axes?: Axes, keepDims?: boolean): Tensor;
    /** Mean squared distance from the mean; `correction` 1 divides by n − 1. */
    variance(axes?: Axes, keepDims?: boolean, correction?: number): Tensor;
    /** Square root of the sum of squares over axes (all, unless named). */
    norm(axes?: Axes, keepDims?: boolean): Tensor;
    /** log Σ eˣ along an axis (the last unless named). */
    logSumExp(axis?: number, keepDims?: boolean): Tensor;
    /** eˣ / Σ eˣ along an axis (the last unless named). */
    softmax(axis?: number): Tensor;
    /** log softmax along an axis (the last unless named). */
    logSoftmax(axis?: number): Tensor;
    /** The same values as a constant: no gradient passes. */
    detach(): Tensor;
  }
}

extend({
  square() {
    return square(this);
  },
  reciprocal() {
    return reciprocal(this);
  },
  silu() {
    return silu(this);
  },
  softplus() {
    return softplus(this);
  },
  clamp(low, high) {
    return clamp(this, low, high);
  },
  mean(axes, keepDims) {
    return mean(this, axes, keepDims);
  },
  variance(axes, keepDims, correction) {
    return variance(this, axes, keepDims, correction);
  },
  norm(axes, keepDims) {
    return norm(this, axes, keepDims);
  },
  logSumExp(axis, keepDims) {
    return logSumExp(this, axis, keepDims);
  },
  softmax(axis) {
    return softmax(this, axis);
  },
  logSoftmax(axis) {
    return logSoftmax(this, axis);
  },
  detach() {
    return alias(this);
  },
});
