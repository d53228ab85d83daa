/** Reductions over axes: sum, max, min, argmax. */
import { requireKeepDims, ShapeError, showShape } from '../errors.ts';
import { kernelsFor } from '../kernels/active.ts';
import { normalizeAxes, normalizeAxis, reducedShape, type Shape, sizeOf } from '../shape.ts';
import { requireTensor, shapeOf, stridesOf, type Tensor, view } from '../tensor.ts';
import { primitive } from './define.ts';
import { address, output } from './launch.ts';
import { contiguous, reshape, reshapeTo } from './views.ts';

/** The axes to reduce. Default: all. */
export type Axes = number | readonly number[] | undefined;
type Reduction = (x: Tensor, axes?: Axes, keepDims?: boolean) => Tensor;

/** The operand as contiguous `[outer, n, inner]` with the reduced axes in the middle. */
function grouped(
  x: Tensor,
  axes: readonly number[],
): { source: Tensor; outer: number; n: number; inner: number } {
  const shape = shapeOf(x);
  const first = axes[0]!;
  const last = axes[axes.length - 1]!;
  if (last - first + 1 === axes.length) {
    const sizes = (from: number, to: number): number => sizeOf(shape.slice(from, to));
    return {
      source: contiguous(x),
      outer: sizes(0, first),
      n: sizes(first, last + 1),
      inner: sizes(last + 1, shape.length),
    };
  }
  const order = [...shape.keys()].filter((axis) => !axes.includes(axis)).concat(axes);
  const strides = stridesOf(x);
  const permuted = view(
    x._storage,
    order.map((axis) => shape[axis]!),
    order.map((axis) => strides[axis]!),
    x._offset,
  );
  const n = sizeOf(axes.map((axis) => shape[axis]!));
  return { source: contiguous(permuted), outer: n === 0 ? 0 : x._size / n, n, inner: 1 };
}

function define(name: 'sum' | 'max' | 'min'): Reduction {
  const op = primitive(name, 1, (x, { axes }) => {
    const { dtype } = x._storage;
    const y = output(name, dtype, reducedShape(shapeOf(x), axes, true));
    const { source, n, inner } = grouped(x, axes);
    // The number of results counts: the reduced axes may be empty.
    const outer = inner === 0 ? 0 : y._size / inner;
    kernelsFor(dtype)[name](address(source), address(y), outer, n, inner);
    return y;
  });
  return (x, axes, keepDims = false) => {
    const shape = shapeOf(requireTensor(name, x));
    requireKeepDims(name, keepDims);
    const chosen = normalizeAxes(name, axes, shape.length);
    if (name !== 'sum') requireElements(name, shape, chosen);
    if (chosen.length === 0) return x;
    const y = op(x, { axes: chosen });
    return keepDims ? y : reshapeTo(y, reducedShape(shape, chosen, false));
  };
}

function requireElements(name: string, shape: Shape, axes: readonly number[]): void {
  if (axes.some((axis) => shape[axis] === 0)) {
    throw new ShapeError(`${name}: axis of size 0 in ${showShape(shape)}; nothing has no ${name}`);
  }
}

/**
 * Sum over axes, pairwise: the error grows with the logarithm of the count. An empty sum is 0.
 * `keepDims` keeps the axes with size 1. A sum of int32 is int32 and wraps at 2³¹, where PyTorch's
 * is int64: `x.cast('float64').sum()` is exact up to 2⁵³.
 */
export const sum: Reduction = define('sum');
/**
 * Largest over axes; NaN if any is NaN. Several largest elements, or NaN, share the gradient
 * evenly.
 */
export const max: Reduction = define('max');
/**
 * Smallest over axes; NaN if any is NaN. Several smallest elements, or NaN, share the gradient
 * evenly.
 */
export const min: Reduction = define('min');

const position = primitive('argmax', 1, (x, { axis }) => {
  const y = output('argmax', 'int32', reducedShape(shapeOf(x), [axis], false));
  const { source, outer, n, inner } = grouped(x, [axis]);
  kernelsFor(x._storage.dtype).argmax(address(source), address(y), outer, n, inner);
  return y;
});

/**
 * Position of the first largest element along an axis, which is dropped, as int32. No gradient.
 * Default: the position among all elements in row-major order.
 */
export function argmax(x: Tensor, axis?: number): Tensor {
  requireTensor('argmax', x);
  const flat = axis === undefined ? reshape(x, [x._size]) : x;
  const at = normalizeAxis('argmax', axis === undefined ? 0 : axis, shapeOf(flat).length);
  requireElements('argmax', shapeOf(flat), [at]);
  return position(flat, { axis: at });
}
