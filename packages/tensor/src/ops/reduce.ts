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

/** The operand as contiguous `[…, n, inner]` with the reduced axes in the middle. */
function grouped(x: Tensor, axes: readonly number[]): { source: Tensor; n: number; inner: number } {
  const shape = shapeOf(x);
  const n = sizeOf(axes.map((axis) => shape[axis]!));
  const end = axes.at(-1)! + 1;
  if (end - axes[0]! === axes.length) return { source: contiguous(x), n, inner: sizeOf(shape.slice(end)) };
  const order = [...shape.keys()].filter((axis) => !axes.includes(axis)).concat(axes);
  const strides = stridesOf(x);
  const permuted = view(
    x._storage,
    order.map((axis) => shape[axis]!),
    order.map((axis) => strides[axis]!),
    x._offset,
  );
  return { source: contiguous(permuted), n, inner: 1 };
}

function define(name: 'sum' | 'max' | 'min'): Reduction {
  const op = primitive(name, 1, (x, { axes }) => {
    const { dtype } = x._storage;
    const y = output(name, dtype, reducedShape(shapeOf(x), axes, true));
    const { source, n, inner } = grouped(x, axes);
    // The reduced axes may be empty.
    if (y._size > 0) kernelsFor(dtype)[name](address(source), address(y), y._size / inner, n, inner);
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
  const { source, n, inner } = grouped(x, [axis]);
  if (y._size > 0)
    kernelsFor(x._storage.dtype).argmax(address(source), address(y), y._size / inner, n, inner);
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
