/** Numbers of trees of gradients: tensors, nested arrays and typed arrays. */
import { Tensor } from '@chronograd/tensor';

export type Flat = readonly number[];

type Branch = Readonly<Record<string, unknown>>;

/** The numbers of a leaf in row-major order. Null for anything else. */
export function flat(leaf: unknown): Flat | null {
  if (leaf instanceof Tensor) return Array.from(leaf.toTypedArray());
  if (ArrayBuffer.isView(leaf)) return Array.from(leaf as Float64Array);
  if (typeof leaf === 'number') return [leaf];
  return Array.isArray(leaf) ? (leaf.flat(Number.POSITIVE_INFINITY) as number[]) : null;
}

/** Paths of the leaves, joined by dots. A leaf has the path ''. */
export function pathsOf(tree: unknown): string[] {
  if (tree instanceof Tensor || ArrayBuffer.isView(tree) || typeof tree === 'number') return [''];
  if (isNumbers(tree)) return [''];
  return Object.entries(tree as Branch).flatMap(([key, each]) =>
    pathsOf(each).map((path) => (path === '' ? key : `${key}.${path}`)),
  );
}

const isNumbers = (tree: unknown): boolean =>
  Array.isArray(tree) && tree.flat(Number.POSITIVE_INFINITY).every((each) => typeof each === 'number');

/** The leaf at a path, or undefined. */
export const leafAt = (tree: unknown, path: string): unknown =>
  path === ''
    ? tree
    : ((tree as Branch)[path] ??
      path.split('.').reduce((node, key) => (node as Branch | undefined)?.[key], tree));
