/**
 * Strided copies: how a view becomes contiguous, and how blocks are copied into larger ones. Not
 * recorded.
 */
import { type Dtype, elementBytes } from '../dtype.ts';
import { kernelsFor } from '../kernels/active.ts';
import { broadcastStrides, contiguousStrides, fromEnd, type Shape, sameShape } from '../shape.ts';
import { layoutOf, shapeOf, stridesOf, Tensor, view } from '../tensor.ts';
import { address, output } from './launch.ts';

/**
 * Axes of a strided loop over one shape and several operands, merged where all operands allow it.
 */
export interface Loop {
  readonly shape: number[];
  /** Per operand, a stride for each axis of `shape`. */
  readonly strides: number[][];
}

/** Merges neighboring axes that every operand walks as one, and drops axes of size 1. */
export function collapse(shape: Shape, operands: readonly (readonly number[])[]): Loop {
  const merged: number[] = [];
  const strides: number[][] = operands.map(() => []);
  for (let axis = 0; axis < shape.length; axis++) {
    const size = shape[axis]!;
    if (size === 1) continue;
    const last = merged.length - 1;
    if (last >= 0 && operands.every((own, i) => strides[i]![last] === own[axis]! * size)) {
      merged[last] = merged[last]! * size;
      operands.forEach((own, i) => {
        strides[i]![last] = own[axis]!;
      });
    } else {
      merged.push(size);
      operands.forEach((own, i) => {
        strides[i]!.push(own[axis]!);
      });
    }
  }
  return { shape: merged, strides };
}

/** Calls `visit` with each operand's offset, in elements, for every index of the leading axes. */
export function eachOffset(
  shape: readonly number[],
  strides: readonly (readonly number[])[],
  axes: number,
  visit: (offsets: readonly number[]) => void,
): void {
  const offsets = strides.map(() => 0);
  const walk = (axis: number): void => {
    if (axis === axes) return visit(offsets);
    const size = shape[axis]!;
    for (let i = 0; i < size; i++) {
      walk(axis + 1);
      for (let k = 0; k < offsets.length; k++) offsets[k]! += strides[k]![axis]!;
    }
    for (let k = 0; k < offsets.length; k++) offsets[k]! -= size * strides[k]![axis]!;
  };
  walk(0);
}

/** Copies elements between strided blocks of one shape. Addresses are bytes, strides elements. */
export function copyStrided(
  dtype: Dtype,
  shape: Shape,
  from: number,
  fromStrides: readonly number[],
  to: number,
  toStrides: readonly number[],
): void {
  const bytes = elementBytes(dtype);
  const { copy } = kernelsFor(dtype);
  if (shape.includes(0)) return; // another axis may be huge
  if (shape.length === 2) {
    const [rows, cols] = shape as [number, number];
    copy(from, fromStrides[0]!, fromStrides[1]!, to, toStrides[0]!, toStrides[1]!, rows, cols);
    return;
  }
  const loop = collapse(shape, [fromStrides, toStrides]);
  const [source, target] = loop.strides as [number[], number[]];
  const rank = loop.shape.length;
  const cols = fromEnd(loop.shape, 1, 1);
  const rows = fromEnd(loop.shape, 2, 1);
  eachOffset(loop.shape, loop.strides, Math.max(0, rank - 2), ([s, t]) => {
    copy(
      from + s! * bytes,
      fromEnd(source, 2, 0),
      fromEnd(source, 1, 0),
      to + t! * bytes,
      fromEnd(target, 2, 0),
      fromEnd(target, 1, 0),
      rows,
      cols,
    );
  });
}

/** Copies `n` neighboring elements. */
export function copyRun(dtype: Dtype, n: number, from: number, to: number): void {
  kernelsFor(dtype).copy(from, n, 1, to, n, 1, 1, n);
}

/** A contiguous copy in the current scope's arena. */
export function contiguousCopy(x: Tensor): Tensor {
  const shape = shapeOf(x);
  const y = output('contiguous', x._storage.dtype, shape);
  copyStrided(x._storage.dtype, shape, address(x), stridesOf(x), address(y), contiguousStrides(shape));
  return y;
}

/** A new handle for the same elements, which no tape has recorded. */
export function alias(x: Tensor): Tensor {
  return new Tensor(x._storage, shapeOf(x), layoutOf(x), x._offset);
}

/** A view in a larger shape that the tensor broadcasts to. Not recorded. */
export function broadcastView(x: Tensor, shape: Shape): Tensor {
  return sameShape(shapeOf(x), shape)
    ? x
    : view(x._storage, shape, broadcastStrides(shapeOf(x), stridesOf(x), shape), x._offset);
}

/**
 * The last contiguous matrix that was transposed: a recurrent net transposes one weight at every
 * step.
 */
let lastShape: Shape = [];
let lastTransposed: Shape = [];
let lastLayout: readonly number[] | null = null;

/** The transpose of a matrix. Not recorded. */
export function transposeView(x: Tensor): Tensor {
  const shape = shapeOf(x);
  const strides = layoutOf(x);
  const rows = shape[0]!;
  const cols = shape[1]!;
  if (strides !== null) return view(x._storage, [cols, rows], [strides[1]!, strides[0]!], x._offset);
  if (shape !== lastShape) {
    lastShape = shape;
    lastTransposed = [cols, rows];
    lastLayout = rows > 1 && cols > 1 ? [1, cols] : null;
  }
  return new Tensor(x._storage, lastTransposed, lastLayout, x._offset);
}
