/** Parts of a tensor: slices, single positions, even splits. All are views. */

import { describeValue, ShapeError, showShape, showValue } from '../errors.ts';
import { record } from '../recorder.ts';
import { runtime } from '../runtime.ts';
import { normalizeAxis, requireList, type Shape } from '../shape.ts';
import { layoutOf, shapeOf, stridesOf, Tensor, view } from '../tensor.ts';
import { extend, requireTensor } from './launch.ts';

/** What to take along an axis: one position (the axis goes), `[start, end?, step?]`, or null for everything. Negative positions count from the end. */
export type Range = number | null | readonly [start: number, end?: number, step?: number];

/**
 * Part of a tensor, one range an axis; axes not named are taken whole. Ends may lie beyond the size; single positions may not.
 * @example x.slice(0); x.slice(null, [1, 3]); x.slice([0, -1, 2])
 */
export function slice(x: Tensor, ...ranges: readonly Range[]): Tensor {
  requireTensor('slice', x);
  if (ranges.length > x.rank) {
    throw new ShapeError(
      `slice: ${ranges.length} ranges came for shape ${showShape(shapeOf(x))}, which has ${x.rank} axes`,
    );
  }
  for (const range of ranges) {
    if (typeof range === 'number' || range === null || Array.isArray(range)) continue;
    throw new ShapeError(
      `slice: ${describeValue(range)} came, a position, [start, end?, step?] or null was expected`,
    );
  }
  let y = x;
  if (ranges.some((range) => typeof range === 'object' && range !== null)) {
    const starts = shapeOf(x).map(() => 0);
    const steps = shapeOf(x).map(() => 1);
    const shape = [...shapeOf(x)];
    ranges.forEach((range, axis) => {
      if (typeof range === 'number' || range === null) return;
      const [start, count, step] = resolveRange(range, shapeOf(x)[axis]!);
      starts[axis] = start;
      steps[axis] = step;
      shape[axis] = count;
    });
    y = sliceBy(y, starts, steps, shape);
  }
  for (let axis = ranges.length - 1; axis >= 0; axis--) {
    const range = ranges[axis];
    if (typeof range === 'number') y = selectAs('slice', y, range, axis);
  }
  return y;
}

function resolveRange(range: readonly [number, number?, number?], size: number): [number, number, number] {
  const [start, end = size, step = 1] = range;
  if (![start, end, step].every(Number.isInteger) || step < 1) {
    throw new ShapeError(
      `slice: range ${showShape(range)} came, whole numbers and a step from 1 on were expected; x.flip() reverses`,
    );
  }
  const clamp = (position: number): number =>
    Math.min(Math.max(position < 0 ? position + size : position, 0), size);
  const from = clamp(start);
  return [from, Math.max(0, Math.ceil((clamp(end) - from) / step)), step];
}

/** The primitive: from `starts` on, `steps` apart, as many as `shape` says. Bounds are the caller's. */
export function sliceBy(
  x: Tensor,
  starts: readonly number[],
  steps: readonly number[],
  shape: Shape,
): Tensor {
  const strides = stridesOf(x);
  const offset = starts.reduce(
    (sum, start, axis) => sum + (shape[axis] === 0 ? 0 : start * strides[axis]!),
    x._offset,
  );
  const y = view(
    x._storage,
    shape,
    strides.map((stride, axis) => stride * steps[axis]!),
    offset,
  );
  if (runtime.recording) record('slice', [x], { starts, steps }, y);
  return y;
}

/** One position along an axis (the first unless named), which is dropped: `select(x, t)` is time step t of `[T, B, F]`. */
export function select(x: Tensor, index: number, axis = 0): Tensor {
  return selectAs('select', x, index, axis);
}

function selectAs(op: string, x: Tensor, index: number, axis: number): Tensor {
  requireTensor(op, x);
  const shape = shapeOf(x);
  const at = axis === 0 && shape.length > 0 ? 0 : normalizeAxis(op, axis, shape.length);
  const size = shape[at]!;
  const position = Number.isInteger(index) && index < 0 ? index + size : index;
  if (!Number.isInteger(index) || position < 0 || position >= size) {
    throw new ShapeError(
      `${op}: position ${showValue(index)} came for axis ${at} of ${showShape(shape)}; ${size === 0 ? 'it has none' : `positions run from ${-size} to ${size - 1}`}`,
    );
  }
  let y: Tensor;
  if (layoutOf(x) === null && at === 0)
    y = new Tensor(x._storage, rowShape(shape), null, x._offset + (position * x._size) / size);
  else {
    const strides = stridesOf(x);
    y = view(
      x._storage,
      shape.toSpliced(at, 1),
      strides.toSpliced(at, 1),
      x._offset + position * strides[at]!,
    );
  }
  if (runtime.recording) record('select', [x], { axis: at, index: position }, y);
  return y;
}

/** The last shape that a row was selected of, and its rows' shape: a loop over time asks for the same one at every step. */
let lastShape: Shape = [0];
let lastRow: Shape = [];

function rowShape(shape: Shape): Shape {
  if (shape !== lastShape) {
    lastShape = shape;
    lastRow = shape.slice(1);
  }
  return lastRow;
}

/** Parts of the given sizes along an axis (the first unless named); the sizes must add up. */
export function split(x: Tensor, sizes: readonly number[], axis = 0): Tensor[] {
  requireTensor('split', x);
  const at = normalizeAxis('split', axis, x.rank);
  const list = requireList('split', 'sizes', sizes);
  const total = list.reduce((sum, size) => sum + size, 0);
  if (total !== shapeOf(x)[at] || list.some((size) => !Number.isInteger(size) || size < 0)) {
    throw new ShapeError(
      `split: sizes ${showShape(sizes)} came for axis ${at} of ${showShape(shapeOf(x))}; they must add up to ${shapeOf(x)[at]}`,
    );
  }
  let start = 0;
  if (at === 0 && layoutOf(x) === null && !runtime.recording) {
    const width = x._size / Math.max(1, total);
    return list.map((size) => {
      const y = new Tensor(x._storage, shapeOf(x).with(0, size), null, x._offset + start * width);
      start += size;
      return y;
    });
  }
  return list.map((size) => {
    const starts = shapeOf(x).map((_, other) => (other === at ? start : 0));
    start += size;
    return sliceBy(
      x,
      starts,
      shapeOf(x).map(() => 1),
      shapeOf(x).with(at, size),
    );
  });
}

/** As many tensors as N says, where the compiler knows N. */
export type Parts<N extends number, Found extends Tensor[] = []> = number extends N
  ? Tensor[]
  : Found['length'] extends N
    ? Found
    : Parts<N, [...Found, Tensor]>;

/** That many equal parts along an axis (the first unless named): the gates of an LSTM are `const [i, f, g, o] = z.chunk(4, -1)`. */
export function chunk<N extends number>(x: Tensor, parts: N, axis = 0): Parts<N> {
  requireTensor('chunk', x);
  const size = shapeOf(x)[normalizeAxis('chunk', axis, x.rank)]!;
  if (!Number.isInteger(parts) || parts < 1 || size % parts !== 0) {
    throw new ShapeError(
      `chunk: ${showValue(parts)} parts came for axis ${showValue(axis)} of ${showShape(shapeOf(x))}; its size must be a multiple; split(…) makes uneven parts`,
    );
  }
  return split(x, new Array<number>(parts).fill(size / parts), axis) as Parts<N>;
}

declare module '../tensor.ts' {
  interface Tensor {
    /** Part of the tensor, one range an axis: a position, `[start, end?, step?]`, or null for all. */
    slice(...ranges: readonly Range[]): Tensor;
    /** One position along an axis (the first unless named), which is dropped. */
    select(index: number, axis?: number): Tensor;
    /** Parts of the given sizes along an axis (the first unless named). */
    split(sizes: readonly number[], axis?: number): Tensor[];
    /** That many equal parts along an axis (the first unless named). */
    chunk<N extends number>(parts: N, axis?: number): Parts<N>;
  }
}

extend({
  slice(...ranges) {
    return slice(this, ...ranges);
  },
  select(index, axis) {
    return select(this, index, axis);
  },
  split(sizes, axis) {
    return split(this, sizes, axis);
  },
  chunk(parts, axis) {
    return chunk(this, parts, axis);
  },
});
