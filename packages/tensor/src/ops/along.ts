/** Composed ops along axes: products and running sums. */

import { isFloat } from '../dtype.ts';
import { inNameOf, requireKeepDims } from '../errors.ts';
import { normalizeAxes, normalizeAxis, reducedShape } from '../shape.ts';
import { requireTensor, shapeOf, type Tensor } from '../tensor.ts';
import { add, mul } from './binary.ts';
import { fullLike } from './fill.ts';
import { concat } from './moves.ts';
import { type Axes, argmax } from './reduce.ts';
import { split } from './slice.ts';
import { reshapeTo } from './views.ts';

/**
 * Product over axes, in pairs. Default: all. An empty product is 1. With zeros among the elements
 * the gradient is right too: it divides by nothing. int32 wraps at 2³¹.
 */
export function prod(x: Tensor, axes?: Axes, keepDims = false): Tensor {
  const shape = shapeOf(requireTensor('prod', x));
  requireKeepDims('prod', keepDims);
  const chosen = normalizeAxes('prod', axes, shape.length);
  const reduced = reducedShape(shape, chosen, keepDims);
  if (chosen.some((axis) => shape[axis] === 0)) return fullLike({ shape: reduced, dtype: x.dtype }, 1);
  return reshapeTo(chosen.reduce(halved, x), reduced);
}

/** The product along an axis, which stays with size 1: halves are multiplied until one is left. */
function halved(x: Tensor, axis: number): Tensor {
  const n = shapeOf(x)[axis]!;
  if (n === 1) return x;
  const half = n >> 1;
  const [a, b, ...last] = split(x, n % 2 === 0 ? [half, half] : [half, half, 1], axis) as [Tensor, Tensor];
  const pairs = mul(a, b);
  return halved(last.length === 0 ? pairs : concat([pairs, ...last], axis), axis);
}

/**
 * Sums of the elements up to and including each, along an axis. Adds in ⌈log₂ n⌉ passes, so the
 * error grows with log n. int32 wraps at 2³¹.
 */
export function cumsum(x: Tensor, axis: number): Tensor {
  const shape = shapeOf(requireTensor('cumsum', x));
  const at = normalizeAxis('cumsum', axis, shape.length);
  const n = shape[at]!;
  let y = x;
  // After each pass an element is the sum of the last 2 · width elements (Hillis and Steele, 1986).
  for (let width = 1; width < n; width *= 2) {
    const [head, tail] = split(y, [width, n - width], at);
    const [before] = split(y, [n - width, width], at);
    y = concat([head, add(tail, before)], at);
  }
  return y;
}

/**
 * Position of the first smallest element along an axis, which is dropped, as int32. The first NaN
 * counts as smallest. No gradient. Default: the position among all elements in row-major order.
 */
export function argmin(x: Tensor, axis?: number): Tensor {
  const { dtype } = requireTensor('argmin', x)._storage;
  // −x − 1 turns the order around without overflow.
  return inNameOf('argmin', () => argmax(isFloat(dtype) ? x.neg() : x.neg().sub(1), axis));
}
