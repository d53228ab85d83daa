/** Parts of a tensor: slices, single positions, splits. All are views. */
import { describeValue, ShapeError, showShape, showValue } from '../errors.ts';
import { runtime } from '../runtime.ts';
import { normalizeAxis, requireList, type Shape, withSize } from '../shape.ts';
import { layoutOf, requireTensor, shapeOf, stridesOf, Tensor, view } from '../tensor.ts';
import { viewPrimitive } from './define.ts';

/**
 * What to take along an axis: one position, which drops the axis; `[start, end?, step?]`; or null
 * for all. Negative positions count from the end.
 */
export type Range = number | null | readonly [start: number, end?: number, step?: number];

const sliced = viewPrimitive<'slice', [shape: Shape]>('slice', 1, (x, { starts, steps }, shape) => {
  const strides = stridesOf(x);
  let apart = strides;
  let offset = x._offset;
  for (let axis = 0; axis < shape.length; axis++) {
    if (shape[axis] !== 0) offset += starts[axis]! * strides[axis]!;
    if (steps[axis] !== 1) apart = withSize(apart, axis, steps[axis]! * strides[axis]!);
  }
  return view(x._storage, shape, apart, offset);
});

/**
 * The primitive: a view of `shape`, from `starts` on and `steps` apart. The caller checks bounds.
 */
export function sliceBy(
  x: Tensor,
  starts: readonly number[],
  steps: readonly number[],
  shape: Shape,
): Tensor {
  return sliced(x, { starts, steps }, shape);
}

/**
 * Part of a tensor, one range an axis. Default for further axes: all. Ends may lie beyond the size;
 * single positions may not.
 * @example x.slice(0); x.slice(null, [1, 3]); x.slice([0, -1, 2])
 */
export function slice(x: Tensor, ...ranges: Range[]): Tensor {
  const from = shapeOf(requireTensor('slice', x));
  if (ranges.length > from.length) {
    throw new ShapeError(
      `slice: expected at most ${from.length} ranges for shape ${showShape(from)}, got ${ranges.length}`,
    );
  }
  for (const range of ranges) {
    if (typeof range === 'number' || range === null || Array.isArray(range)) continue;
    throw new ShapeError(
      `slice: expected a position, [start, end?, step?] or null, got ${describeValue(range)}`,
    );
  }
  let y = x;
  if (ranges.some((range) => typeof range === 'object' && range !== null)) {
    const starts = from.map(() => 0);
    const steps = from.map(() => 1);
    const shape = [...from];
    ranges.forEach((range, axis) => {
      if (typeof range === 'number' || range === null) return;
      const [start, count, step] = resolveRange(range, from[axis]!);
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
      `slice: expected whole numbers and a step from 1 on, got range ${showShape(range)}; x.flip() reverses`,
    );
  }
  const clamp = (position: number): number =>
    Math.min(Math.max(position < 0 ? position + size : position, 0), size);
  const from = clamp(start);
  return [from, Math.max(0, Math.ceil((clamp(end) - from) / step)), step];
}

/**
 * The last shape that rows were selected of, and the rows' shape: a loop over time asks for one at
 * every step.
 */
let lastShape: Shape = [0];
let lastRow: Shape = [];

const selected = viewPrimitive('select', 1, (x, { axis, index }) => {
  const shape = shapeOf(x);
  if (axis > 0 || layoutOf(x) !== null) {
    const strides = stridesOf(x);
    const offset = x._offset + index * strides[axis]!;
    return view(x._storage, shape.toSpliced(axis, 1), strides.toSpliced(axis, 1), offset);
  }
  if (shape !== lastShape) {
    lastShape = shape;
    lastRow = shape.slice(1);
  }
  return new Tensor(x._storage, lastRow, null, x._offset + (index * x._size) / shape[0]!);
});

/**
 * One position along an axis, which is dropped: `x.select(t)` is time step t of `[T, B, F]`.
 * Default: the first axis.
 */
export function select(x: Tensor, index: number, axis = 0): Tensor {
  return selectAs('select', x, index, axis);
}

function selectAs(op: string, x: Tensor, index: number, axis: number): Tensor {
  const shape = shapeOf(requireTensor(op, x));
  const at = axis === 0 && shape.length > 0 ? 0 : normalizeAxis(op, axis, shape.length);
  const size = shape[at]!;
  const position = Number.isInteger(index) && index < 0 ? index + size : index;
  if (!Number.isInteger(index) || position < 0 || position >= size) {
    const expected =
      size === 0 ? 'no position, since its size is 0' : `a position from ${-size} to ${size - 1}`;
    throw new ShapeError(
      `${op}: expected ${expected} for axis ${at} of ${showShape(shape)}, got ${showValue(index)}`,
    );
  }
  return selected(x, { axis: at, index: position });
}

/** A tensor for each element of a list, where the compiler knows how many there are. */
export type PartOfEach<S extends readonly number[]> = { -readonly [K in keyof S]: Tensor };

/**
 * Parts of the given sizes along an axis; the sizes must add up. Default: the first axis.
 * @example const [h, c] = state.split([64, 32], -1);
 */
export function split<const S extends readonly number[]>(x: Tensor, sizes: S, axis = 0): PartOfEach<S> {
  const shape = shapeOf(requireTensor('split', x));
  const at = normalizeAxis('split', axis, shape.length);
  const list = requireList('split', 'sizes', sizes);
  const total = list.reduce((sum, size) => sum + size, 0);
  if (total !== shape[at] || list.some((size) => !Number.isInteger(size) || size < 0)) {
    throw new ShapeError(
      `split: expected whole sizes that add up to ${shape[at]} for axis ${at} of ${showShape(shape)}, got ${showShape(sizes)}`,
    );
  }
  return parts(x, at, list) as PartOfEach<S>;
}

/** Consecutive parts along an axis, whose sizes add up. */
function parts(x: Tensor, at: number, sizes: readonly number[]): Tensor[] {
  const shape = shapeOf(x);
  const inBlocks = at === 0 && layoutOf(x) === null && !runtime.recording;
  const width = x._size / Math.max(1, shape[at]!);
  const zeros = shape.map(() => 0);
  const steps = shape.map(() => 1);
  let start = 0;
  return sizes.map((size) => {
    const from = start;
    start += size;
    const of = withSize(shape, at, size);
    if (inBlocks) return new Tensor(x._storage, of, null, x._offset + from * width);
    return sliceBy(x, withSize(zeros, at, from), steps, of);
  });
}

/** A tuple of N tensors where the compiler knows N. */
export type Parts<N extends number, Found extends Tensor[] = []> = number extends N
  ? Tensor[]
  : Found['length'] extends N
    ? Found
    : Parts<N, [...Found, Tensor]>;

/**
 * That many equal parts along an axis. Default: the first. The gates of an LSTM are
 * `const [i, f, g, o] = z.chunk(4, -1)`.
 */
export function chunk<N extends number>(x: Tensor, count: N, axis = 0): Parts<N> {
  const shape = shapeOf(requireTensor('chunk', x));
  const at = normalizeAxis('chunk', axis, shape.length);
  const size = shape[at]!;
  // Any number divides 0: without the last condition, a huge one would fill the memory.
  if (!Number.isInteger(count) || count < 1 || size % count !== 0 || count > 2 ** 16 + size) {
    throw new ShapeError(
      `chunk: expected a number of parts that divides the size of axis ${showValue(axis)} of ${showShape(shape)}, got ${showValue(count)}; split(…) makes uneven parts`,
    );
  }
  const sizes: number[] = [];
  for (let part = 0; part < count; part++) sizes.push(size / count);
  return parts(x, at, sizes) as Parts<N>;
}

/**
 * All positions along an axis, which is dropped. Default: the first axis.
 * @param count how many there are: then the result is a tuple of that length. Default: any number.
 * @throws ShapeError where there are more or fewer than `count`.
 * @example const [x, y] = points.unstack(-1, 2);
 */
export function unstack<N extends number = number>(x: Tensor, axis = 0, count?: N): Parts<N> {
  const shape = shapeOf(requireTensor('unstack', x));
  const at = normalizeAxis('unstack', axis, shape.length);
  const size = shape[at]!;
  if (count !== undefined && count !== size) {
    throw new ShapeError(
      `unstack: expected ${showValue(count)} positions along axis ${at}, got ${showShape(shape)}, which has ${size}`,
    );
  }
  return Array.from({ length: size }, (_, index) => selected(x, { axis: at, index })) as Parts<N>;
}
