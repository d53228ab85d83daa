/**
 * Views: the same elements in another shape, order or extent. Only a reshape of a strided view
 * copies.
 */
import { ShapeError, showShape } from '../errors.ts';
import {
  checkShape,
  normalizeAxes,
  normalizeAxis,
  requireList,
  type Shape,
  sameShape,
  sizeOf,
} from '../shape.ts';
import { layoutOf, requireTensor, shapeOf, stridesOf, Tensor, view } from '../tensor.ts';
import { broadcastView, contiguousCopy, transposeView } from './copy.ts';
import { scoped, viewPrimitive } from './define.ts';

const copied = scoped(contiguousCopy);

/** The tensor itself where it is contiguous, otherwise a contiguous copy. Not recorded. */
export function contiguous(x: Tensor): Tensor {
  return layoutOf(x) === null ? x : copied(x);
}

/** The same elements in row-major order under another shape. One size may be −1: it is computed. */
export function reshape(x: Tensor, shape: Shape): Tensor {
  requireTensor('reshape', x);
  return reshapeTo(x, inferShape(x, shape));
}

const reshaped = viewPrimitive<'reshape', [shape: Shape]>('reshape', 1, (x, _, shape) => {
  const source = contiguous(x);
  return new Tensor(source._storage, shape, null, source._offset);
});

/** `reshape` to a checked shape with as many elements, which is kept. */
export function reshapeTo(x: Tensor, shape: Shape): Tensor {
  return sameShape(shape, shapeOf(x)) ? x : reshaped(x, null, shape);
}

function inferShape(x: Tensor, shape: Shape): Shape {
  const list = requireList('reshape', 'shape', shape);
  const open = list.indexOf(-1);
  const known = open < 0 ? list : list.map((size) => (size === -1 ? 1 : size));
  checkShape('reshape', known);
  const size = sizeOf(known);
  const to = known.map((each, i) => (i === open ? x._size / size : each));
  if (
    sizeOf(to) !== x._size ||
    (open >= 0 && !Number.isInteger(to[open])) ||
    list.indexOf(-1, open + 1) > open
  ) {
    throw new ShapeError(
      `reshape: ${showShape(shapeOf(x))} to ${showShape(shape)}: expected ${open < 0 ? size : `a multiple of ${size}`} elements, got ${x._size}; sizes must multiply to the same number, and at most one may be -1`,
    );
  }
  return to;
}

const permuted = viewPrimitive('permute', 1, (x, { order }) => {
  const strides = stridesOf(x);
  return view(
    x._storage,
    order.map((axis) => shapeOf(x)[axis]!),
    order.map((axis) => strides[axis]!),
    x._offset,
  );
});

/** Axes in another order: axis i of the result is axis `order[i]` of `x`. */
export function permute(x: Tensor, order: readonly number[]): Tensor {
  const { length } = shapeOf(requireTensor('permute', x));
  const axes = requireList('permute', 'order', order).map((axis) => normalizeAxis('permute', axis, length));
  if (axes.length !== length || new Set(axes).size !== length) {
    throw new ShapeError(
      `permute: expected each axis of ${showShape(shapeOf(x))} once as the order, got ${showShape(order)}`,
    );
  }
  return permuted(x, { order: axes });
}

/** A transposed matrix, without the lists of `permuted`. */
const transposed = viewPrimitive('permute', 1, transposeView);
const TRANSPOSED = { order: [1, 0] };

/** Two axes exchanged. Default: the last two. */
export function transpose(x: Tensor, axisA = -2, axisB = -1): Tensor {
  const { length } = shapeOf(requireTensor('transpose', x));
  if (length === 2 && axisA === -2 && axisB === -1) return transposed(x, TRANSPOSED);
  const a = normalizeAxis('transpose', axisA, length);
  const b = normalizeAxis('transpose', axisB, length);
  const order = shapeOf(x).map((_, axis) => (axis === a ? b : axis === b ? a : axis));
  return permuted(x, { order });
}

const expanded = viewPrimitive<'expand', [shape: Shape]>('expand', 1, (x, _, shape) =>
  broadcastView(x, shape),
);

/** A larger shape, by repeating along axes of size 1 and new leading axes. Nothing is copied. */
export function expand(x: Tensor, shape: Shape): Tensor {
  requireTensor('expand', x);
  checkShape('expand', shape);
  const lead = shape.length - shapeOf(x).length;
  if (lead < 0 || shapeOf(x).some((size, axis) => size !== 1 && size !== shape[axis + lead])) {
    throw new ShapeError(
      `expand: ${showShape(shapeOf(x))} does not broadcast to ${showShape(shape)}; aligned at the last axis, sizes must be equal or 1`,
    );
  }
  return sameShape(shape, shapeOf(x)) ? x : expanded(x, null, [...shape]);
}

const flipped = viewPrimitive('flip', 1, (x, { axes }) => {
  const strides = [...stridesOf(x)];
  let offset = x._offset;
  for (const axis of axes) {
    offset += Math.max(0, shapeOf(x)[axis]! - 1) * strides[axis]!;
    strides[axis] = -strides[axis]!;
  }
  return view(x._storage, shapeOf(x), strides, offset);
});

/** The order reversed along some axes. Default: all. */
export function flip(x: Tensor, axes?: number | readonly number[]): Tensor {
  return flipped(x, { axes: normalizeAxes('flip', axes, shapeOf(requireTensor('flip', x)).length) });
}

/** A new axis of size 1. */
export function unsqueeze(x: Tensor, axis: number): Tensor {
  const shape = shapeOf(requireTensor('unsqueeze', x));
  return reshapeTo(x, shape.toSpliced(normalizeAxis('unsqueeze', axis, shape.length + 1), 0, 1));
}

/** Without the given axes of size 1. Default: all axes of size 1. */
export function squeeze(x: Tensor, axes?: number | readonly number[]): Tensor {
  const shape = shapeOf(requireTensor('squeeze', x));
  const dropped =
    axes === undefined
      ? [...shape.keys()].filter((axis) => shape[axis] === 1)
      : normalizeAxes('squeeze', axes, shape.length);
  for (const axis of dropped) {
    if (shape[axis] !== 1) {
      throw new ShapeError(
        `squeeze: expected size 1 for axis ${axis} of ${showShape(shape)}, got ${shape[axis]}`,
      );
    }
  }
  return reshapeTo(
    x,
    shape.filter((_, axis) => !dropped.includes(axis)),
  );
}
