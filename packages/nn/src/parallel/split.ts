/** Splits a batch into shards, and joins the states of shards. */
import { concat, ShapeError, Tensor, ValueError } from '@chronograd/tensor';
import { describeValue, isBranch, joinPath, showShape, zipTree } from '@chronograd/tensor/engine';
import { isWhole } from '../internal/require.ts';

/**
 * The axis of the batch in all tensors of an argument, or a tree of axes. Null: every shard gets
 * the whole argument. JAX's `in_axes`.
 */
export type Axes = number | null | readonly Axes[] | { readonly [name: string]: Axes };

/** The sizes of `count` shards of a batch. They differ by at most one; larger ones are first. */
export function sizesOf(batch: number, count: number): readonly number[] {
  if (batch < count)
    throw new ShapeError(
      `fit: expected a batch of at least ${count} rows for ${count} shards, got ${batch}; use fewer shards, or drop the last batch with dropLast: true`,
    );
  return Array.from({ length: count }, (_, i) => Math.floor(batch / count) + (i < batch % count ? 1 : 0));
}

/** Calls `visit` with each tensor of an argument and its axis. */
export function eachTensor(
  tree: unknown,
  axes: Axes,
  what: string,
  visit: (x: Tensor, axis: number) => void,
): void {
  mapWithAxes(tree, axes, what, (x, axis) => {
    if (axis !== null) visit(x, axis);
    return x;
  });
}

/**
 * An argument, once for each shard.
 * @param sizes those of the shards.
 */
export function splitTree(tree: unknown, axes: Axes, sizes: readonly number[], what: string): unknown[] {
  const parts: (readonly Tensor[])[] = [];
  eachTensor(tree, axes, what, (x, axis) => parts.push(x.split(sizes, axis)));
  return sizes.map((_, i) => {
    let next = 0;
    return mapWithAxes(tree, axes, what, (x, axis) => (axis === null ? x : (parts[next++]?.[i] as Tensor)));
  });
}

/** The trees of all shards as one: the reverse of `splitTree`, after `requireSplit`. */
export function joinTrees(trees: readonly unknown[], axes: Axes, what: string): unknown {
  const [first] = trees;
  const tensors = trees.map((tree) => {
    const found: Tensor[] = [];
    eachTensor(tree, axes, what, (x) => found.push(x));
    return found;
  });
  let next = 0;
  return mapWithAxes(first, axes, what, (_, axis) => {
    const at = next++;
    return concat(
      tensors.map((found) => found[at] as Tensor),
      axis as number,
    );
  });
}

/** @throws ValueError for a tensor that every shard would get as a whole. */
export function requireSplit(tree: unknown, axes: Axes, what: string): void {
  mapWithAxes(tree, axes, what, (x, axis) => {
    if (axis !== null) return x;
    throw new ValueError(
      `fit: expected an axis for ${what} in shards.axes, got null; each shard carries the state of its rows`,
    );
  });
}

/** Maps the tensors of a tree. A number or null counts for everything below. */
function mapWithAxes(
  tree: unknown,
  axes: Axes,
  what: string,
  visit: (x: Tensor, axis: number | null) => Tensor,
): unknown {
  const below = (axis: unknown, key: string): unknown =>
    isBranch(axis) ? (axis as Readonly<Record<string, unknown>>)[key] : axis;
  return zipTree(
    'fit',
    tree,
    axes,
    (leaf, axis, path) => {
      if (!(leaf instanceof Tensor)) return leaf;
      return visit(leaf, requireAxis(leaf, axis, joinPath(what, path)));
    },
    (node, axis) => {
      if (!isBranch(node)) return null;
      const names = Object.keys(node);
      return [node, Object.fromEntries(names.map((name) => [name, below(axis, name)]))];
    },
  );
}

function requireAxis(x: Tensor, axis: unknown, where: string): number | null {
  if (axis === null) return null;
  if (!isWhole(axis))
    throw new ValueError(
      `fit: expected the axis of the batch or null for ${where} in shards.axes, got ${describeValue(axis)}`,
    );
  if (axis < x.rank) return axis;
  throw new ShapeError(
    `fit: expected at least ${axis + 1} axes for ${where}, got shape ${showShape(x.shape)}; give the axis of the batch of each argument in shards.axes`,
  );
}
