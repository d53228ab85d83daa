/** Views: the same elements, seen in another shape, order or extent. Nothing is copied, except by a reshape that no strides can express. */

import { ShapeError, showShape } from '../errors.ts';
import { record } from '../recorder.ts';
import { runtime } from '../runtime.ts';
import {
  checkShape,
  normalizeAxes,
  normalizeAxis,
  requireList,
  type Shape,
  sameShape,
  sizeOf,
} from '../shape.ts';
import { layoutOf, shapeOf, stridesOf, Tensor, view } from '../tensor.ts';
import { broadcastView, contiguous, turnedView } from './copy.ts';
import { atTopLevel, extend, requireTensor } from './launch.ts';

/** The same elements in row-major order under another shape; one size may be −1, and is worked out. */
export function reshape(x: Tensor, shape: Shape): Tensor {
  requireTensor('reshape', x);
  return reshapeTo(x, inferShape(x, shape));
}

/** The same for a shape that an op made, and that has as many elements. */
export function reshapeTo(x: Tensor, shape: Shape): Tensor {
  if (sameShape(shape, shapeOf(x))) return x;
  const run = (): Tensor => {
    const source = contiguous(x);
    const y = new Tensor(source._storage, shape, null, source._offset);
    if (runtime.recording) record('reshape', [x], null, y);
    return y;
  };
  return runtime.scope === null && layoutOf(x) !== null ? atTopLevel(run) : run();
}

function inferShape(x: Tensor, shape: Shape): Shape {
  const list = requireList('reshape', 'shape', shape);
  const open = list.indexOf(-1);
  const known = open < 0 ? list : list.map((size) => (size === -1 ? 1 : size));
  checkShape('reshape', known);
  const size = sizeOf(known);
  const to = known.map((each, i) => (i === open ? x._size / size : each));
  if (sizeOf(to) !== x._size || !Number.isInteger(to[open] ?? 0) || list.indexOf(-1, open + 1) > open) {
    throw new ShapeError(
      `reshape: ${showShape(shapeOf(x))} to ${showShape(shape)}: ${x._size} elements came, ${open < 0 ? size : `a multiple of ${size}`} were expected; sizes must multiply to the same number, and one may be -1 where the others leave no choice`,
    );
  }
  return to;
}

/** Axes in another order: axis i of the result is axis `order[i]` of `x`. */
export function permute(x: Tensor, order: readonly number[]): Tensor {
  requireTensor('permute', x);
  const axes = requireList('permute', 'order', order).map((axis) => normalizeAxis('permute', axis, x.rank));
  if (axes.length !== x.rank || new Set(axes).size !== x.rank) {
    throw new ShapeError(
      `permute: order ${showShape(order)} came for shape ${showShape(shapeOf(x))}; each axis must stand there once`,
    );
  }
  const strides = stridesOf(x);
  const y = view(
    x._storage,
    axes.map((axis) => shapeOf(x)[axis]!),
    axes.map((axis) => strides[axis]!),
    x._offset,
  );
  if (runtime.recording) record('permute', [x], { order: axes }, y);
  return y;
}

/** Two axes exchanged: the last two unless named. */
export function transpose(x: Tensor, axisA = -2, axisB = -1): Tensor {
  requireTensor('transpose', x);
  if (x.rank === 2 && axisA === -2 && axisB === -1) return turned(x);
  const a = normalizeAxis('transpose', axisA, x.rank);
  const b = normalizeAxis('transpose', axisB, x.rank);
  return permute(
    x,
    shapeOf(x).map((_, axis) => (axis === a ? b : axis === b ? a : axis)),
  );
}

const TURNED = { order: [1, 0] };

/** The transpose of a matrix, which is what a transpose nearly always is. */
function turned(x: Tensor): Tensor {
  const y = turnedView(x);
  if (runtime.recording) record('permute', [x], TURNED, y);
  return y;
}

/** A larger shape, by repeating along axes of size 1 and new leading axes; nothing is copied. */
export function expand(x: Tensor, shape: Shape): Tensor {
  requireTensor('expand', x);
  checkShape('expand', shape);
  const lead = shape.length - x.rank;
  if (lead < 0 || shapeOf(x).some((size, axis) => size !== 1 && size !== shape[axis + lead])) {
    throw new ShapeError(
      `expand: ${showShape(shapeOf(x))} does not broadcast to ${showShape(shape)}; aligned at the last axis, sizes must be equal or 1`,
    );
  }
  if (sameShape(shape, shapeOf(x))) return x;
  const y = broadcastView(x, [...shape]);
  if (runtime.recording) record('expand', [x], null, y);
  return y;
}

/** Order reversed along some axes: all, unless named. */
export function flip(x: Tensor, axes?: number | readonly number[]): Tensor {
  requireTensor('flip', x);
  const chosen = normalizeAxes('flip', axes, x.rank);
  const strides = [...stridesOf(x)];
  let { offset } = x;
  for (const axis of chosen) {
    offset += Math.max(0, shapeOf(x)[axis]! - 1) * strides[axis]!;
    strides[axis] = -strides[axis]!;
  }
  const y = view(x._storage, shapeOf(x), strides, offset);
  if (runtime.recording) record('flip', [x], { axes: chosen }, y);
  return y;
}

/** A new axis of size 1. */
export function unsqueeze(x: Tensor, axis: number): Tensor {
  requireTensor('unsqueeze', x);
  const at = normalizeAxis('unsqueeze', axis, x.rank + 1);
  return reshapeTo(x, shapeOf(x).toSpliced(at, 0, 1));
}

/** Without axes of size 1: all of them, unless named. */
export function squeeze(x: Tensor, axes?: number | readonly number[]): Tensor {
  requireTensor('squeeze', x);
  const chosen = normalizeAxes('squeeze', axes, x.rank).filter((axis) =>
    axes === undefined ? shapeOf(x)[axis] === 1 : true,
  );
  for (const axis of chosen) {
    if (shapeOf(x)[axis] !== 1)
      throw new ShapeError(
        `squeeze: axis ${axis} of ${showShape(shapeOf(x))} has size ${shapeOf(x)[axis]}, 1 was expected`,
      );
  }
  return reshape(
    x,
    shapeOf(x).filter((_, axis) => !chosen.includes(axis)),
  );
}

declare module '../tensor.ts' {
  interface Tensor {
    /** The same elements in row-major order under another shape; one size may be −1, and is worked out. */
    reshape(shape: Shape): Tensor;
    /** Axes in another order: axis i of the result is axis `order[i]`. */
    permute(order: readonly number[]): Tensor;
    /** Two axes exchanged: the last two unless named. */
    transpose(axisA?: number, axisB?: number): Tensor;
    /** A larger shape, by repeating along axes of size 1 and new leading axes; nothing is copied. */
    expand(shape: Shape): Tensor;
    /** Order reversed along some axes: all, unless named. */
    flip(axes?: number | readonly number[]): Tensor;
    /** A new axis of size 1. */
    unsqueeze(axis: number): Tensor;
    /** Without axes of size 1: all of them, unless named. */
    squeeze(axes?: number | readonly number[]): Tensor;
  }
}

extend({
  reshape(shape) {
    return reshape(this, shape);
  },
  permute(order) {
    return permute(this, order);
  },
  transpose(axisA, axisB) {
    return transpose(this, axisA, axisB);
  },
  expand(shape) {
    return expand(this, shape);
  },
  flip(axes) {
    return flip(this, axes);
  },
  unsqueeze(axis) {
    return unsqueeze(this, axis);
  },
  squeeze(axes) {
    return squeeze(this, axes);
  },
});
