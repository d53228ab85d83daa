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
  visit: (x: Tensor, axis: number, path: string) => void,
): void {
  mapWithAxes(tree, axes, what, (x, axis, path) => {
    if (axis !== null) visit(x, axis, path);
    return x;
  });
}

/**
 * An argument, once for each shard.
 * @param sizes those of the shards.
 */
export function splitTree(tree: unknown, axes: Axes, sizes: readonly number[], what: string): unknown[] {
  const parts = new Map<Tensor, readonly Tensor[]>();
  eachTensor(tree, axes, what, (x, axis) => parts.set(x, x.split(sizes, axis)));
  return sizes.map((_, i) => mapWithAxes(tree, axes, what, (x) => parts.get(x)?.[i] ?? x));
}

/** The trees of all shards as one: the reverse of `splitTree`. */
export function joinTrees(trees: readonly unknown[], axes: Axes, what: string): unknown {
  const [first] = trees;
  const tensors = trees.map((tree) => {
    const found: Tensor[] = [];
    eachTensor(tree, axes, what, (x) => found.push(x));
    return found;
  });
  let next = 0;
  return mapWithAxes(first, axes, what, (x, axis) => {
    if (axis === null) return x;
    const at = next++;
    return concat(
      tensors.map((found) => found[at] as Tensor),
      axis,
    );
  });
}

/** Maps the tensors of a tree. A number or null counts for everything below. */
function mapWithAxes(
  tree: unknown,
  axes: Axes,
  what: string,
  visit: (x: Tensor, axis: number | null, path: string) => Tensor,
): unknown {
  const below = (axis: unknown, key: string): unknown =>
    isBranch(axis) ? (axis as Readonly<Record<string, unknown>>)[key] : axis;
  return zipTree(
    'fit',
    tree,
    axes,
    (leaf, axis, path) => {
      if (!(leaf instanceof Tensor)) return leaf;
      return visit(leaf, requireAxis(leaf, axis, joinPath(what, path)), path);
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
