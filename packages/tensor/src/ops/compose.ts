/** Composed ops: functions of primitives, which need no gradient rule. From easy to hard. */
import { arange } from '../constants.ts';
import { checkDtype } from '../dtype.ts';
import { inNameOf, requireKeepDims, requireNumber, ShapeError, showShape } from '../errors.ts';
import { runtime } from '../runtime.ts';
import { checkShape, sameShape } from '../shape.ts';
import { requireTensor, shapeOf, type Tensor } from '../tensor.ts';
import { equal, greaterEqual, maximum, minimum, mul, pow } from './binary.ts';
import { alias } from './copy.ts';
import { sigmoid } from './elementwise.ts';
import { commonDtype, requireFloats } from './launch.ts';
import { cast } from './moves.ts';
import { checkIndices } from './rows.ts';
import { clipped } from './update.ts';
import { unsqueeze } from './views.ts';
import { where } from './where.ts';

/** x². */
export const square = (x: Tensor): Tensor => mul(requireTensor('square', x), x);

/** 1 / x. */
export const reciprocal = (x: Tensor): Tensor => pow(requireFloats('reciprocal', x), -1);

/** x · sigmoid(x), also called swish. */
export const silu = (x: Tensor): Tensor => mul(requireFloats('silu', x), sigmoid(x));

/**
 * log(1 + eˣ) without overflow: relu(x) + log1p(e^(−s·x)) with s = ±1 the sign of x. Its gradients
 * are smooth everywhere, also at 0.
 */
export function softplus(x: Tensor): Tensor {
  const positive = greaterEqual(requireFloats('softplus', x), 0);
  const magnitude = x.mul(positive.mul(2).sub(1));
  return where(positive, x, 0).add(magnitude.neg().exp().log1p());
}

/**
 * Limited to `low … high`. The gradient passes between the limits and is halved on them. With
 * low > high every element is `high`, as in PyTorch. NaN stays NaN and passes the whole gradient.
 * @param low use −Infinity for no lower limit. @param high use Infinity for no upper limit.
 * @throws ValueError for limits that are not numbers.
 */
export function clamp(x: Tensor, low: number, high: number): Tensor {
  const op = 'clamp';
  const { dtype } = requireTensor(op, x);
  requireNumber(op, 'low', low, LIMIT, isLimit);
  requireNumber(op, 'high', high, LIMIT, isLimit);
  if (dtype !== 'int32' && !runtime.recording) return clipped(x, low, high);
  return inNameOf(op, () => minimum(maximum(x, low), high));
}

const LIMIT = 'a number (Infinity for no limit)';
const isLimit = (value: number): boolean => !Number.isNaN(value);

/** log Σ eˣ along an axis, without overflow. Default: the last axis. */
export function logSumExp(x: Tensor, axis = -1, keepDims = false): Tensor {
  requireKeepDims('logSumExp', keepDims);
  const highest = finiteMax('logSumExp', x, axis);
  const total = x.sub(highest).exp().sum(axis, true).log().add(highest);
  return keepDims ? total : total.squeeze(axis);
}

/** eˣ / Σ eˣ along an axis. Default: the last. */
export function softmax(x: Tensor, axis = -1): Tensor {
  const highest = finiteMax('softmax', x, axis);
  const e = x.sub(highest).exp();
  return e.div(e.sum(axis, true));
}

/** log softmax along an axis, accurate where softmax underflows. Default: the last axis. */
export function logSoftmax(x: Tensor, axis = -1): Tensor {
  const highest = finiteMax('logSoftmax', x, axis);
  const shifted = x.sub(highest);
  return shifted.sub(shifted.exp().sum(axis, true).log());
}

/**
 * The maximum as a constant: a shift changes no result, so it needs no gradient. 0 for infinite
 * maxima.
 */
function finiteMax(op: string, x: Tensor, axis: number): Tensor {
  requireFloats(op, x);
  const highest = inNameOf(op, () => alias(x).max(axis, true));
  return where(equal(highest.sub(highest), 0), highest, 0);
}

/**
 * 1 at the index, 0 elsewhere.
 * @param indices int32, any shape. @param dtype Default: float32.
 * @returns shape [indices' shape…, classes].
 */
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
      `outer: expected two vectors, got ${showShape(shapeOf(a))} and ${showShape(shapeOf(b))}`,
    );
  }
  return unsqueeze(a, 1).mul(b);
}

/** Inner product of two tensors of one shape: Σ a·b. */
export function dot(a: Tensor, b: Tensor): Tensor {
  if (!sameShape(requireTensor('dot', a).shape, requireTensor('dot', b).shape)) {
    throw new ShapeError(
      `dot: expected one shape, got ${showShape(shapeOf(a))} and ${showShape(shapeOf(b))}`,
    );
  }
  commonDtype('dot', a, b);
  return a.mul(b).sum();
}
