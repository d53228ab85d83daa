/** Reading two trees of gradients together: which leaves stand in the same place, and what numbers they hold. */
import { type FloatDtype, type Shape, Tensor, ValueError } from '@chronograd/tensor';
import { describeValue } from '@chronograd/tensor/engine';
import { hasParameters, isOpaque } from './tree.ts';

/** Gradients of one parameter as flat numbers. */
export interface GradientLeaf {
  /** Null for a flat typed array, which knows its length only. */
  readonly shape: Shape | null;
  readonly dtype: FloatDtype;
  readonly values: ArrayLike<number>;
}

/** What stands in one place of two trees; null where one has nothing there. */
export interface LeafPair {
  readonly name: string;
  readonly manual: GradientLeaf | null;
  readonly auto: GradientLeaf | null;
}

/** All places of two trees, in the order of the first, what only the second has at the end of each level. */
export function pairLeaves(
  manual: unknown,
  auto: unknown,
  name = '',
  above: readonly unknown[] = [],
): LeafPair[] {
  for (const each of [manual, auto]) {
    if (isTree(each) && (isOpaque(each as object) || above.includes(each)))
      throw notNumbers(name, `${describeValue(each)}${above.includes(each) ? ' that holds itself' : ''}`);
  }
  if (isNothing(manual) && isNothing(auto)) return [];
  if (isLeaf(manual, auto)) return [{ name, manual: toLeaf(name, manual), auto: toLeaf(name, auto) }];
  const [left, right] = [fieldsOf(manual), fieldsOf(auto)];
  const inside = [...above, manual, auto].filter(isTree);
  const keys = new Set([...Object.keys(left), ...Object.keys(right)]);
  return [...keys].flatMap((key) =>
    pairLeaves(left[key], right[key], name === '' ? key : `${name}.${key}`, inside),
  );
}

/**
 * A tensor, typed array or number on one side says that the other is one parameter too. Arrays of numbers may be either: they are one
 * parameter unless the other side shows a tree there.
 */
function isLeaf(a: unknown, b: unknown): boolean {
  const present = [a, b].filter((each) => !isNothing(each));
  return present.some((each) => !isTree(each)) || present.every((each) => isNumbers(each));
}

const isNothing = (value: unknown): boolean => value === undefined || value === null;
const isTree = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && !(value instanceof Tensor) && !isTyped(value);
const isTyped = (value: unknown): value is Float64Array | Float32Array =>
  value instanceof Float64Array || value instanceof Float32Array;
/** What holds itself has no end. */
const DEEPEST = 64;

/** Numbers in arrays. */
const isNumbers = (value: unknown, depth = 0): boolean =>
  typeof value === 'number' ||
  isTyped(value) ||
  (Array.isArray(value) &&
    value.length > 0 &&
    depth < DEEPEST &&
    value.every((each) => isNumbers(each, depth + 1)));

function fieldsOf(tree: unknown): Record<string, unknown> {
  if (isNothing(tree)) return {};
  return (hasParameters(tree) ? tree.parameterTree() : tree) as Record<string, unknown>;
}

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
  for (let level = value; Array.isArray(level) || isTyped(level); level = level[0]) shape.push(level.length);
  const values: number[] = [];
  flatten(name, value, shape, 0, values);
  return { shape, dtype: 'float64', values };
}

function flatten(name: string, value: unknown, shape: Shape, axis: number, out: number[]): void {
  if (axis === shape.length) {
    if (typeof value !== 'number') throw notNumbers(name, value === null ? 'null' : typeof value);
    out.push(value);
    return;
  }
  if ((!Array.isArray(value) && !isTyped(value)) || value.length !== shape[axis]) {
    throw new ValueError(
      `compareGradients: ${name || 'the gradient'} is ragged at depth ${axis}, arrays of ${shape[axis]} were expected throughout`,
    );
  }
  for (const each of value) flatten(name, each, shape, axis + 1, out);
}

const notNumbers = (name: string, what: string): ValueError =>
  new ValueError(
    `compareGradients: ${what} came${name === '' ? '' : ` at ${name}`}; a float tensor, a typed array or nested arrays of numbers was expected`,
  );
