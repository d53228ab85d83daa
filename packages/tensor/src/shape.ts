/** Shapes: sizes, strides, axes and broadcasting. Strides and offsets are elements. */
import { describeValue, ShapeError, showShape, showValue } from './errors.ts';

/** Sizes along each axis; `[]` is a single number. */
export type Shape = readonly number[];

/** The number of elements of a shape. */
export function sizeOf(shape: Shape): number {
  let size = 1;
  for (let i = 0; i < shape.length; i++) size *= shape[i]!;
  return size;
}

/** Strides of a contiguous block: in row-major order, without gaps. */
export function contiguousStrides(shape: Shape): number[] {
  const strides = shape.slice();
  let stride = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    strides[axis] = stride;
    stride *= shape[axis]!;
  }
  return strides;
}

/** Whether strides are those of a contiguous block. Axes of size 1 may have any stride. */
export function isContiguous(shape: Shape, strides: readonly number[]): boolean {
  let expected = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const size = shape[axis]!;
    if (size === 0) return true;
    if (size !== 1 && strides[axis] !== expected) return false;
    expected *= size;
  }
  return true;
}

export function sameShape(a: Shape, b: Shape): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/**
 * A copy of a list of numbers that a caller passed. Some pass numbers, as other libraries accept:
 * `zeros(3)`, `x.reshape(2, 3)`.
 * @throws ShapeError unless it is an array of numbers without holes.
 */
export function requireList(op: string, what: string, value: unknown): number[] {
  if (!Array.isArray(value)) {
    throw new ShapeError(
      `${op}: expected an array of numbers for the ${what}, such as ${what === 'shape' ? '[2, 3]' : '[0, 1]'}, got ${showValue(value)}`,
    );
  }
  const list: number[] = []; // not `new Array(n)`, whose elements V8 checks for holes ever after
  for (let i = 0; i < value.length; i++) {
    const each: unknown = value[i]; // undefined where there is a hole
    if (typeof each !== 'number') {
      throw new ShapeError(
        `${op}: expected an array of numbers for the ${what}, got ${describeValue(each)} at position ${i}`,
      );
    }
    list.push(each);
  }
  return list;
}

/** Throws unless every size is a whole number from 0 on. */
export function checkShape(op: string, shape: Shape): void {
  if (!Array.isArray(shape)) requireList(op, 'shape', shape);
  for (let i = 0; i < shape.length; i++) {
    const size: number | undefined = shape[i]; // undefined where there is a hole
    if (size === undefined || !Number.isSafeInteger(size) || size < 0) {
      throw new ShapeError(
        `${op}: expected whole numbers from 0 on as the shape, got ${showShape(Array.from(shape))}`,
      );
    }
  }
}

/**
 * An axis from 0 on. Negative axes count from the end.
 * @throws ShapeError for an axis that the rank lacks.
 */
export function normalizeAxis(op: string, axis: number, rank: number): number {
  const whole = Number.isInteger(axis);
  const normal = whole && axis < 0 ? axis + rank : axis;
  if (!whole || normal < 0 || normal >= rank) {
    const expected = rank === 0 ? 'no axis, since the shape is []' : `an axis from ${-rank} to ${rank - 1}`;
    throw new ShapeError(`${op}: expected ${expected}, got ${showValue(axis)}`);
  }
  return normal;
}

/** A copy with another size along an axis from 0 on. `Array.with` is slower. */
export function withSize(shape: Shape, axis: number, size: number): number[] {
  const copy = shape.slice();
  copy[axis] = size;
  return copy;
}

/** Not `Array.from`, which is slower. */
function allAxes(rank: number): number[] {
  const axes: number[] = [];
  for (let axis = 0; axis < rank; axis++) axes.push(axis);
  return axes;
}

/** Sorted, distinct axes. Default: all. */
export function normalizeAxes(
  op: string,
  axes: number | readonly number[] | undefined,
  rank: number,
): number[] {
  if (axes === undefined) return allAxes(rank);
  const list = typeof axes === 'number' ? [axes] : requireList(op, 'axes', axes);
  const normal = list.map((axis) => normalizeAxis(op, axis, rank)).sort((a, b) => a - b);
  for (let i = 1; i < normal.length; i++) {
    if (normal[i] === normal[i - 1])
      throw new ShapeError(`${op}: expected each axis once, got axis ${normal[i]} twice`);
  }
  return normal;
}

/**
 * The element `back` places from the end, 1 for the last, or `missing`. In V8, an index below 0 is
 * a name that is searched for in the list and its prototypes.
 */
export function fromEnd(list: readonly number[], back: number, missing: number): number {
  return back <= list.length ? list[list.length - back]! : missing;
}

/**
 * The shape that both broadcast to, by NumPy's rule: aligned at the last axis, sizes equal or 1.
 */
export function broadcastShapes(op: string, a: Shape, b: Shape): Shape {
  if (sameShape(a, b)) return a;
  const rank = Math.max(a.length, b.length);
  const shape = a.length > b.length ? a.slice() : b.slice();
  for (let back = 1; back <= rank; back++) {
    const sizeA = fromEnd(a, back, 1);
    const sizeB = fromEnd(b, back, 1);
    if (sizeA !== sizeB && sizeA !== 1 && sizeB !== 1) {
      throw new ShapeError(
        `${op}: shapes ${showShape(a)} and ${showShape(b)} do not broadcast: sizes ${sizeA} and ${sizeB} differ at axis -${back}, and neither is 1`,
      );
    }
    shape[rank - back] = sizeA === 1 ? sizeB : sizeA;
  }
  return sameShape(shape, a) ? a : sameShape(shape, b) ? b : shape;
}

/** Strides that read a tensor in a larger shape: 0 along repeated axes. */
export function broadcastStrides(shape: Shape, strides: readonly number[], to: Shape): number[] {
  const lead = to.length - shape.length;
  return to.map((size, axis) =>
    axis < lead || (shape[axis - lead] === 1 && size !== 1) ? 0 : strides[axis - lead]!,
  );
}

/** A shape without some axes, or with size 1 in their place. */
export function reducedShape(shape: Shape, axes: readonly number[], keepDims: boolean): number[] {
  const reduced: number[] = [];
  for (let axis = 0; axis < shape.length; axis++) {
    if (!axes.includes(axis)) reduced.push(shape[axis]!);
    else if (keepDims) reduced.push(1);
  }
  return reduced;
}
