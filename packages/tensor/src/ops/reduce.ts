/** Reductions over axes: sum, max, min, argmax. */

import { requireKeepDims, ShapeError, showShape } from '../errors.ts';
import { kernelsFor } from '../kernels/active.ts';
import { record } from '../recorder.ts';
import { runtime } from '../runtime.ts';
import { normalizeAxes, normalizeAxis, reducedShape, type Shape, sizeOf } from '../shape.ts';
import { shapeOf, stridesOf, type Tensor, view } from '../tensor.ts';
import { contiguous } from './copy.ts';
import { address, atTopLevel, extend, output, requireTensor } from './launch.ts';
import { reshape, reshapeTo } from './views.ts';

/** Which axes to reduce (all, unless named), and whether they stay as size 1. */
export type Axes = number | readonly number[] | undefined;
type Reduction = (x: Tensor, axes?: Axes, keepDims?: boolean) => Tensor;

/** The operand as contiguous `[outer, n, inner]` with the reduced axes in the middle. */
function grouped(
  x: Tensor,
  axes: readonly number[],
): { source: Tensor; outer: number; n: number; inner: number } {
  const first = axes[0]!;
  const last = axes[axes.length - 1]!;
  if (last - first + 1 === axes.length) {
    const sizes = (from: number, to: number): number => sizeOf(shapeOf(x).slice(from, to));
    return {
      source: contiguous(x),
      outer: sizes(0, first),
      n: sizes(first, last + 1),
      inner: sizes(last + 1, x.rank),
    };
  }
  const order = [...shapeOf(x).keys()].filter((axis) => !axes.includes(axis)).concat(axes);
  const strides = stridesOf(x);
  const source = contiguous(
    view(
      x._storage,
      order.map((axis) => shapeOf(x)[axis]!),
      order.map((axis) => strides[axis]!),
      x._offset,
    ),
  );
  const n = sizeOf(axes.map((axis) => shapeOf(x)[axis]!));
  return { source, outer: n === 0 ? 0 : x._size / n, n, inner: 1 };
}

/** How many results a reduction has; they count even where the reduced axes are empty. */
function define(name: 'sum' | 'max' | 'min'): Reduction {
  const run = (x: Tensor, axes: readonly number[], keepDims: boolean): Tensor => {
    const kept = reducedShape(shapeOf(x), axes, true);
    const y = output(name, x._storage.dtype, kept);
    const { source, n, inner } = grouped(x, axes);
    kernelsFor(x._storage.dtype)[name](
      address(source),
      address(y),
      inner === 0 ? 0 : y._size / inner,
      n,
      inner,
    );
    if (runtime.recording) record(name, [x], { axes }, y);
    return keepDims ? y : reshapeTo(y, reducedShape(shapeOf(x), axes, false));
  };
  return (x, axes, keepDims = false) => {
    requireTensor(name, x);
    requireKeepDims(name, keepDims);
    const chosen = normalizeAxes(name, axes, x.rank);
    if (name !== 'sum') requireElements(name, shapeOf(x), chosen);
    if (chosen.length === 0) return x;
    return runtime.scope === null ? atTopLevel(() => run(x, chosen, keepDims)) : run(x, chosen, keepDims);
  };
}

function requireElements(name: string, shape: Shape, axes: readonly number[]): void {
  if (axes.some((axis) => shape[axis] === 0)) {
    throw new ShapeError(`${name}: axis of size 0 in ${showShape(shape)}; nothing has no ${name}`);
  }
}

/**
 * Sum over axes, pairwise: the error grows with the logarithm of the count. Sums of nothing are 0. A sum of int32 is int32 and wraps at 2³¹, where
 * PyTorch's is int64: `x.cast('float64').sum()` is exact up to 2⁵³.
 */
export const sum: Reduction = define('sum');
/** Largest over axes; NaN if any is. Where several are largest, or NaN, they share the gradient evenly. */
export const max: Reduction = define('max');
/** Smallest over axes; NaN if any is. Where several are smallest, or NaN, they share the gradient evenly. */
export const min: Reduction = define('min');

/** Position of the first largest along an axis (of all elements in row-major order, unless named), as int32. The axis goes. No gradient. */
export function argmax(x: Tensor, axis?: number): Tensor {
  requireTensor('argmax', x);
  const flat = axis === undefined ? reshape(x, [x._size]) : x;
  const at = normalizeAxis('argmax', axis === undefined ? 0 : axis, flat.rank);
  requireElements('argmax', shapeOf(flat), [at]);
  const run = (): Tensor => {
    const y = output('argmax', 'int32', reducedShape(shapeOf(flat), [at], false));
    const { source, outer, n, inner } = grouped(flat, [at]);
    kernelsFor(x._storage.dtype).argmax(address(source), address(y), outer, n, inner);
    if (runtime.recording) record('argmax', [flat], { axis: at }, y);
    return y;
  };
  return runtime.scope === null ? atTopLevel(run) : run();
}

declare module '../tensor.ts' {
  interface Tensor {
    /** Sum over axes (all, unless named), pairwise. `keepDims` leaves them as size 1. A sum of int32 wraps at 2³¹. */
    sum(axes?: Axes, keepDims?: boolean): Tensor;
    /** Largest over axes (all, unless named). */
    max(axes?: Axes, keepDims?: boolean): Tensor;
    /** Smallest over axes (all, unless named). */
    min(axes?: Axes, keepDims?: boolean): Tensor;
    /** Position of the first largest along an axis (of all elements, unless named), as int32. */
    argmax(axis?: number): Tensor;
  }
}

extend({
  sum(axes, keepDims) {
    return sum(this, axes, keepDims);
  },
  max(axes, keepDims) {
    return max(this, axes, keepDims);
  },
  min(axes, keepDims) {
    return min(this, axes, keepDims);
  },
  argmax(axis) {
    return argmax(this, axis);
  },
});
