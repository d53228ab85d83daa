/** Composed reductions: means, spreads and norms. */
import { inNameOf, requireKeepDims, requireNumber } from '../errors.ts';
import { record, withoutRecording } from '../recorder.ts';
import { runtime } from '../runtime.ts';
import { normalizeAxes, sizeOf } from '../shape.ts';
import { shapeOf, type Tensor } from '../tensor.ts';
import { equal, greater } from './binary.ts';
import { square } from './compose.ts';
import { alias } from './copy.ts';
import { sqrt } from './elementwise.ts';
import { requireFloats } from './launch.ts';
import type { Axes } from './reduce.ts';
import { where } from './where.ts';

/** Mean over axes. Default: all. */
export function mean(x: Tensor, axes?: Axes, keepDims = false): Tensor {
  const count = countOf('mean', requireFloats('mean', x), axes);
  requireKeepDims('mean', keepDims);
  return x.sum(axes, keepDims).div(count);
}

/**
 * Mean squared distance from the mean over axes. Default: all.
 * @param correction divides by n − correction, or by 0 if that is negative, as PyTorch does.
 * @throws ValueError unless the correction is a finite number.
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
 * Standard deviation over axes. Default: all. Its gradient is 0 where all elements are equal, as in
 * PyTorch, and its second derivative NaN there. A constant that nearly all elements share costs no
 * digits.
 * @param correction divides by n − correction. Default: 0, as in NumPy and JAX; PyTorch's is 1.
 * @throws ValueError unless the correction is a finite number.
 */
export function std(x: Tensor, axes?: Axes, keepDims = false, correction = 0): Tensor {
  const op = 'std';
  const count = countOf(op, requireFloats(op, x), axes);
  requireKeepDims(op, keepDims);
  return inNameOf(op, () => {
    // A shift by a constant changes nothing, and makes the distances of equal elements exactly 0.
    const near = count === 0 || x.size === 0 ? x : x.sub(alias(x).max(axes, true));
    return root(variance(near, axes, keepDims, correction), op);
  });
}

/**
 * Square root of the sum of squares over axes. Default: all. The elements are first divided by the
 * largest, so that no square overflows or vanishes: in float32 two elements of 1e-30 have the norm
 * 1.4e-30. At 0 the gradient is 0 and the second derivative NaN, as in PyTorch. For the squared
 * norm use `x.square().sum()`, which has both.
 */
export function norm(x: Tensor, axes?: Axes, keepDims = false): Tensor {
  normalizeAxes('norm', axes, requireFloats('norm', x).rank);
  requireKeepDims('norm', keepDims);
  const scale = x.size === 0 ? null : magnitude(x, axes);
  const length = root(square(scale === null ? x : x.div(scale)).sum(axes, keepDims), 'norm');
  return scale === null ? length : length.mul(scale.reshape(shapeOf(length)));
}

/**
 * √x with gradient 0 at 0. The gradient computes √x again, so that it can be differentiated: the
 * second derivative at 0 is 0 / 0, NaN.
 */
function root(x: Tensor, name: string): Tensor {
  const backward = (g: Tensor, y: Tensor, at: Tensor): readonly Tensor[] => {
    const zero = equal(y, 0);
    const divisor = where(zero, 1, sqrt(at));
    return [where(zero, 0, g).div(divisor).mul(0.5)];
  };
  const y = withoutRecording(() => sqrt(x));
  if (runtime.recording) record('custom', [x], { name, backward }, y);
  return y;
}

/** The largest |x| over axes, with kept axes, as a constant; 1 where it is 0 or not finite. */
function magnitude(x: Tensor, axes?: Axes): Tensor {
  const largest = alias(x).abs().max(axes, true);
  return where(equal(largest.sub(largest), 0).mul(greater(largest, 0)), largest, 1);
}

function countOf(op: string, x: Tensor, axes: Axes): number {
  return sizeOf(normalizeAxes(op, axes, x.rank).map((axis) => shapeOf(x)[axis]!));
}
