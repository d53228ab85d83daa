/**
 * The state of a cell as a tree: a tensor, or arrays and plain objects of them. What is no tensor
 * (a count, a flag) is a leaf too.
 */
import { isFloat, Tensor, ValueError } from '@chronograd/tensor';
import {
  type Branch,
  describeValue,
  isBranch,
  joinPath,
  leaves,
  mapTensors,
  mapTree,
  nameOf,
  nodeAt,
  showShape,
  type TreeLeaf,
  tensorLeaves,
  zipTree,
} from '@chronograd/tensor/engine';

/**
 * The same state with `visit` applied to each leaf.
 * @throws ValueError for a state inside itself.
 */
export const mapState = (state: unknown, visit: (leaf: unknown) => unknown): unknown =>
  mapTree('Recurrent', state, visit, { cure: 'initialState(batch) gives one' });

/** Two states of one form with `visit` applied to each pair of leaves that differ. */
export function zipStates(
  first: unknown,
  second: unknown,
  visit: (a: unknown, b: unknown) => unknown,
): unknown {
  const visitPair = (a: unknown, b: unknown): unknown => (a === b ? a : visit(a, b));
  return zipTree('Recurrent', first, second, visitPair, (a, b) => (a !== b && isBranch(a) ? [a, b] : null));
}

/**
 * @throws ValueError for a state that holds an object of a class. Padding would not select its
 * rows, and gradients would not find its tensors.
 */
export function requireState<S>(cell: object, state: S): S {
  mapState(state, (leaf) => {
    if (leaf instanceof Tensor || leaf === null || (typeof leaf !== 'object' && typeof leaf !== 'function'))
      return;
    throw new ValueError(
      `Recurrent: expected tensors and numbers in arrays and plain objects for the state of ${nameOf(cell)}, got ${describeValue(leaf)}; give its fields as { … }`,
    );
  });
  return state;
}

/** All tensors of a state with their paths: `h`, `stack.0`; empty for a single tensor. */
export const stateLeaves = (state: unknown): TreeLeaf<Tensor>[] => tensorLeaves('state', state);

/** The same state with other tensors. */
export const mapLeaves = (state: unknown, visit: (leaf: Tensor, path: string) => Tensor): unknown =>
  mapTensors('state', state, visit);

/** The float tensors of a state as a tree that gradients can be asked of. */
export function floatTree(state: unknown): unknown {
  const isFloatTensor = (each: unknown): boolean => each instanceof Tensor && isFloat(each.dtype);
  const open = (node: unknown): Branch | null => {
    if (!isBranch(node)) return isFloatTensor(node) ? null : {};
    return Object.fromEntries(
      Object.entries(node).filter(([, each]) => isBranch(each) || isFloatTensor(each)),
    );
  };
  return mapTree('state', state, (leaf) => leaf, { open });
}

/** A state with its float tensors from such a tree. */
export function withFloats(state: unknown, floats: unknown): unknown {
  return mapLeaves(state, (leaf, path) => (isFloat(leaf.dtype) ? leafAt(floats, path) : leaf));
}

/** The form of a state, for messages: `state.h float64 [2, 3], state.steps number`. */
export function describeState(state: unknown): string {
  const kindOf = (leaf: unknown): string =>
    leaf instanceof Tensor ? `${leaf.dtype} ${showShape(leaf.shape)}` : leaf === null ? 'null' : typeof leaf;
  const parts = leaves('state', state).map(({ path, leaf }) => `${nameState(path)} ${kindOf(leaf)}`);
  return parts.sort().join(', ');
}

/** The tensor of a tree at a path that `stateLeaves` gave. */
export function leafAt(tree: unknown, path: string): Tensor {
  return nodeAt(tree, path === '' ? [] : path.split('.')) as Tensor;
}

/** `state.h`. */
export const nameState = (path: string, root = 'state'): string => joinPath(root, path);
