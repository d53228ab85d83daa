/** Trees to differentiate: a tensor, an array or object of trees, or a module. */
import { type Parameter, Tensor, ValueError } from '@chronograd/tensor';
import {
  type Branch,
  describeValue,
  foreignPackage,
  guardFields,
  isBranch,
  mapTree as mapNodes,
  once,
  requireFunction,
  type TreeLeaf,
} from '@chronograd/tensor/engine';

/** An object that lists its parameters that are not frozen, such as `Module` in @chronograd/nn. */
export interface HasParameters {
  parameterTree(): object;
}

/** A value that can have gradients. */
export type Differentiable = Tensor | HasParameters | readonly Differentiable[] | object;

type ParameterLike = Parameter | HasParameters | readonly ParameterLike[];

/**
 * The gradients of a tree: the same names, a tensor for each tensor. A module has those of its
 * fields that are parameters or modules. A field that is null (no bias) has no gradient.
 */
export type Gradients<T> = T extends Tensor
  ? Tensor
  : T extends readonly unknown[]
    ? { readonly [I in keyof T]: Gradients<T[I]> }
    : T extends HasParameters
      ? {
          readonly [K in keyof T as NonNullable<T[K]> extends ParameterLike ? K : never]:
            | Gradients<NonNullable<T[K]>>
            | (null extends T[K] ? undefined : never);
        }
      : T extends object
        ? { readonly [K in keyof T]: Gradients<T[K]> }
        : never;

/**
 * The same tree with `visit` applied to each tensor, once for a tensor in several places. `visit`
 * also receives the tensor's first path.
 * @param whole keeps modules as they are. Default: a module becomes the tree of its parameters.
 * @throws ValueError for a leaf that is not a tensor, for an object whose contents are hidden (a
 * Map, a Set), and for a tree that holds itself.
 */
export function mapTree(
  op: string,
  tree: unknown,
  visit: (leaf: Tensor, path: string) => unknown,
  whole = false,
): unknown {
  requireFunction(op, visit, `${op}(…, tree, (tensor) => …)`);
  const visitOnce = once(visit);
  const visitLeaf = (leaf: unknown, path: string): unknown => {
    if (leaf instanceof Tensor) return visitOnce(leaf, path);
    if (whole && hasParameters(leaf)) return leaf;
    throw new ValueError(
      `${op}: expected a tensor, a module, or arrays or objects of them, got ${describeValue(leaf)}${path === '' ? '' : ` at ${path}`}`,
    );
  };
  const open = (node: unknown): Branch | null => {
    if (typeof node !== 'object' || node === null || node instanceof Tensor || isOpaque(node)) return null;
    if (whole && hasParameters(node)) return null;
    guardFields(node);
    return fieldsOf(node);
  };
  return mapNodes(op, tree, visitLeaf, { open });
}

/** All tensors of a tree with their first paths: `cell.weightHh`. @throws as `mapTree`. */
export function leavesOf(op: string, tree: unknown): TreeLeaf<Tensor>[] {
  const leaves: TreeLeaf<Tensor>[] = [];
  mapTree(op, tree, (leaf, path) => void leaves.push({ path, leaf }));
  return leaves;
}

/** The fields of a node: its own, or the parameters that it lists. */
export function fieldsOf(node: object): Branch {
  return (hasParameters(node) ? node.parameterTree() : node) as Branch;
}

/** Whether an object hides its contents, as a Map, a Set and a tensor of another loaded copy do. */
export function isOpaque(node: object): boolean {
  if (hasParameters(node) || Array.isArray(node)) return false;
  if (foreignPackage(node) !== null) return true;
  return !isBranch(node) && Object.keys(node).length === 0;
}

/** Whether a value lists parameters. */
export function hasParameters(value: unknown): value is HasParameters {
  return typeof (value as Partial<HasParameters> | null)?.parameterTree === 'function';
}
