/**
 * The model that tensors are checked against: shapes and flat lists of numbers, without the
 * library.
 */

/** Numbers in row-major order. */
export interface Plain {
  readonly shape: readonly number[];
  readonly data: readonly number[];
}

/** Nested arrays, as users write them. */
export type Nested = number | readonly Nested[];

/** Every index of a shape, the last axis running fastest. */
export function indicesOf(shape: readonly number[]): number[][] {
  return shape.reduce<number[][]>(
    (lists, size) => lists.flatMap((list) => Array.from({ length: size }, (_, i) => [...list, i])),
    [[]],
  );
}

/** The plain tensor whose element at each index is `element(index)`. */
export function plain(
  shape: readonly number[],
  element: (index: readonly number[], position: number) => number,
): Plain {
  return { shape, data: indicesOf(shape).map(element) };
}

/** The element at an index. */
export function at({ shape, data }: Plain, index: readonly number[]): number {
  const position = index.reduce((sum, i, axis) => sum * shape[axis]! + i, 0);
  return data[position]!;
}

/** The element where an index of a larger shape meets a tensor that broadcasts to it. */
export function broadcastAt(x: Plain, index: readonly number[]): number {
  const own = index.slice(index.length - x.shape.length);
  return at(
    x,
    own.map((i, axis) => (x.shape[axis] === 1 ? 0 : i)),
  );
}

/** The shape that shapes broadcast to; they are known to. */
export function broadcastShape(...shapes: readonly (readonly number[])[]): number[] {
  const rank = Math.max(...shapes.map((shape) => shape.length));
  return Array.from({ length: rank }, (_, axis) => {
    const sizes = shapes.map((shape) => shape[axis - rank + shape.length] ?? 1);
    return sizes.find((size) => size !== 1) ?? 1;
  });
}

/** Any number of plain tensors, broadcast and combined element by element. */
export function zip(combine: (...elements: number[]) => number, ...operands: readonly Plain[]): Plain {
  const shape = broadcastShape(...operands.map((operand) => operand.shape));
  return plain(shape, (index) => combine(...operands.map((operand) => broadcastAt(operand, index))));
}

/** Axes in another order. */
export function permuted(x: Plain, order: readonly number[]): Plain {
  return plain(
    order.map((axis) => x.shape[axis]!),
    (index) =>
      at(
        x,
        x.shape.map((_, axis) => index[order.indexOf(axis)]!),
      ),
  );
}

/** Along one axis: `count` positions from `start` on, `step` apart (also negative, or 0). */
export function strided(x: Plain, axis: number, start: number, step: number, count: number): Plain {
  return plain(x.shape.with(axis, count), (index) => at(x, index.with(axis, start + index[axis]! * step)));
}

/** One position along an axis, which goes. */
export function selected(x: Plain, axis: number, position: number): Plain {
  return plain(x.shape.toSpliced(axis, 1), (index) => at(x, index.toSpliced(axis, 0, position)));
}

/**
 * One list of elements for each index of the other axes, in row-major order of the reduced ones.
 */
export function groups(x: Plain, axes: readonly number[]): { kept: number[]; lists: number[][] } {
  const kept = x.shape.map((size, axis) => (axes.includes(axis) ? 1 : size));
  const inner = x.shape.map((size, axis) => (axes.includes(axis) ? size : 1));
  const lists = indicesOf(kept).map((outer) =>
    indicesOf(inner).map((index) =>
      at(
        x,
        outer.map((i, axis) => i + index[axis]!),
      ),
    ),
  );
  return { kept, lists };
}

/** The same numbers as nested arrays. */
export function nested({ shape, data }: Plain): Nested {
  const [size, ...inner] = shape;
  if (size === undefined) return data[0]!;
  const each = inner.reduce((product, next) => product * next, 1);
  return Array.from({ length: size }, (_, i) =>
    nested({ shape: inner, data: data.slice(i * each, (i + 1) * each) }),
  );
}
