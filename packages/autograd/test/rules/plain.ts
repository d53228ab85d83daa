/** Tensors as plain number arrays, with what the oracles need. Nothing here uses the library. */
import { type NestedArray, type Tensor, tensor } from '@chronograd/tensor';

export type Index = readonly number[];

/** Numbers in row-major order under a shape. */
export interface Plain {
  readonly shape: readonly number[];
  readonly values: readonly number[];
}

export const count = (shape: readonly number[]): number => shape.reduce((size, n) => size * n, 1);

/** Every index of a shape, in row-major order. */
export function indicesOf(shape: readonly number[]): Index[] {
  return shape.reduce<Index[]>(
    (indices, size) => indices.flatMap((index) => Array.from({ length: size }, (_, i) => [...index, i])),
    [[]],
  );
}

/** A plain tensor from a formula for the element at an index. */
export function build(shape: readonly number[], element: (index: Index) => number): Plain {
  return { shape, values: indicesOf(shape).map(element) };
}

/**
 * The element at an index of a shape that `x` broadcasts to. Axes are aligned at the last one, and
 * an axis of size 1 is repeated.
 */
export function at(x: Plain, index: Index): number {
  const lead = index.length - x.shape.length;
  const position = x.shape.reduce(
    (sum, size, axis) => sum * size + (size === 1 ? 0 : index[axis + lead]!),
    0,
  );
  return x.values[position]!;
}

/** The shape that all of them broadcast to. */
export function commonShape(...shapes: readonly (readonly number[])[]): number[] {
  const rank = Math.max(...shapes.map((shape) => shape.length));
  return Array.from({ length: rank }, (_, axis) => {
    const sizes = shapes.map((shape) => shape[axis - rank + shape.length] ?? 1);
    return sizes.find((size) => size !== 1) ?? 1;
  });
}

/** A formula applied to elements that meet by broadcasting. */
export function elementwise(formula: (...values: number[]) => number, ...inputs: readonly Plain[]): Plain {
  const shape = commonShape(...inputs.map((x) => x.shape));
  return build(shape, (index) => formula(...inputs.map((x) => at(x, index))));
}

/**
 * For each index of the remaining axes (size 1 where they were reduced), the elements that are
 * reduced to it.
 */
export function reduceWith(
  x: Plain,
  axes: readonly number[],
  keepDims: boolean,
  formula: (values: readonly number[]) => number,
): Plain {
  const kept = x.shape.map((size, axis) => (axes.includes(axis) ? 1 : size));
  const groups = new Map(indicesOf(kept).map((index) => [index.join(), [] as number[]]));
  indicesOf(x.shape).forEach((index, i) => {
    groups.get(index.map((each, axis) => (axes.includes(axis) ? 0 : each)).join())!.push(x.values[i]!);
  });
  const shape = keepDims ? kept : kept.filter((_, axis) => !axes.includes(axis));
  return { shape, values: [...groups.values()].map(formula) };
}

export const total = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);

/** ⟨a, b⟩. */
export const inner = (a: readonly number[], b: readonly number[]): number =>
  total(a.map((value, i) => value * b[i]!));

/** A float64 tensor of nested numbers. */
export const float64 = (values: NestedArray): Tensor => tensor(values, { dtype: 'float64' });

/** The same numbers as a tensor. */
export function toTensor(x: Plain, dtype: 'float32' | 'float64' = 'float64'): Tensor {
  return tensor(new Float64Array(x.values), { shape: x.shape, dtype });
}

export function fromTensor(x: Tensor): Plain {
  return { shape: x.shape, values: [...x.toTypedArray()] };
}

/**
 * `count` seeded short decimals between −1 and 1, exact in float32 and readable in failures
 * (mulberry32).
 */
export function decimals(seed: number, length: number): number[] {
  let state = seed | 0;
  return Array.from({ length }, () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return (((t ^ (t >>> 14)) >>> 0) % 2049) / 1024 - 1;
  });
}
