/** Pairs of gradients from two trees, by path, and their numbers. */
import { type FloatDtype, type Shape, Tensor, ValueError } from '@chronograd/tensor';
import { type Branch, describeValue, isNested, zipTree } from '@chronograd/tensor/engine';
import { fieldsOf, isOpaque } from './tree.ts';

/** Gradients of one parameter as flat numbers. */
export interface GradientLeaf {
  /** Null for a flat typed array, which has a length only. */
  readonly shape: Shape | null;
  readonly dtype: FloatDtype;
  readonly values: ArrayLike<number>;
}

/** The gradients of one parameter in two trees. Null where a tree has none. */
export interface LeafPair {
  readonly name: string;
  readonly manual: GradientLeaf | null;
  readonly auto: GradientLeaf | null;
}

/** The leaves of two trees, in the order of the first. Those of the second alone end each level. */
export function pairLeaves(manual: unknown, auto: unknown): LeafPair[] {
  const pairs: LeafPair[] = [];
  const add = (a: unknown, b: unknown, name: string): void => {
    if (isNothing(a) && isNothing(b)) return;
    pairs.push({ name, manual: toLeaf(name, a), auto: toLeaf(name, b) });
  };
  zipTree('compareGradients', manual, auto, add, openPair);
  return pairs;
}

/**
 * A tensor, typed array or number on one side makes both sides one parameter. So do arrays of
 * numbers, unless the other side is a tree.
 */
function openPair(manual: unknown, auto: unknown, name: string): readonly [Branch, Fields] | null {
  const present = [manual, auto].filter((each) => !isNothing(each));
  for (const each of present) {
    if (isTree(each) && isOpaque(each)) throw notNumbers(name, describeValue(each));
  }
  if (!present.every(isTree) || present.every((each) => isNested(each, isNumeric))) return null;
  const [left, right] = [fieldsIn(manual), fieldsIn(auto)];
  const names = new Set([...Object.keys(left), ...Object.keys(right)]);
  return [Object.fromEntries([...names].map((key) => [key, left[key]])), right];
}

type Fields = Readonly<Record<string, unknown>>;
type TypedNumbers = Float64Array | Float32Array;

const isNothing = (value: unknown): boolean => value === undefined || value === null;
const isTyped = (value: unknown): value is TypedNumbers =>
  value instanceof Float64Array || value instanceof Float32Array;
const isNumeric = (value: unknown): value is number | TypedNumbers =>
  typeof value === 'number' || isTyped(value);
const isTree = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !(value instanceof Tensor) && !isTyped(value);
const fieldsIn = (tree: unknown): Fields => (isNothing(tree) ? {} : (fieldsOf(tree as object) as Fields));

function toLeaf(name: string, value: unknown): GradientLeaf | null {
  if (isNothing(value)) return null;
  if (value instanceof Tensor) {
    if (value.dtype === 'int32') throw notNumbers(name, 'an int32 tensor');
    return { shape: value.shape, dtype: value.dtype, values: value.toTypedArray() };
  }
  if (isTyped(value)) {
    return { shape: null, dtype: value instanceof Float32Array ? 'float32' : 'float64', values: value };
  }
  const shape: number[] = [];
  for (let level = value; isList(level); level = level[0]) shape.push(level.length);
  const values: number[] = [];
  const read = (level: unknown, axis: number): void => {
    if (axis === shape.length) {
      if (typeof level !== 'number') throw notNumbers(name, describeValue(level));
      values.push(level);
    } else if (isList(level) && level.length === shape[axis]) {
      for (const each of level) read(each, axis + 1);
    } else {
      throw new ValueError(
        `compareGradients: expected arrays of ${shape[axis]} throughout at depth ${axis} of ${name || 'the gradient'}, got ragged ones`,
      );
    }
  };
  read(value, 0);
  return { shape, dtype: 'float64', values };
}

const isList = (value: unknown): value is readonly unknown[] | TypedNumbers =>
  Array.isArray(value) || isTyped(value);

const notNumbers = (name: string, what: string): ValueError =>
  new ValueError(
    `compareGradients: expected a float tensor, a typed array or nested arrays of numbers${name === '' ? '' : ` at ${name}`}, got ${what}`,
  );
