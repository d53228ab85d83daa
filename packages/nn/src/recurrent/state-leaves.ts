/** The tensors of a state, by their paths. What is no tensor (a count, a flag) is left as it is. */
import { isFloat, Tensor } from '@chronograd/tensor';
import { showShape } from '@chronograd/tensor/engine';
import { isBranch } from './state-tree.ts';

/** A tensor of a state. */
export interface StateLeaf {
  /** `h`, `stack.0`; empty where the state is a single tensor. */
  readonly path: string;
  readonly leaf: Tensor;
}

/** All tensors of a state. One that stands in two places comes twice. */
export function stateLeaves(state: unknown, path = ''): StateLeaf[] {
  if (state instanceof Tensor) return [{ path, leaf: state }];
  return entriesOf(state, path).flatMap(([, each, at]) => stateLeaves(each, at));
}

/** The same tree with other tensors. */
export function mapLeaves(state: unknown, visit: (leaf: Tensor, path: string) => Tensor, path = ''): unknown {
  if (state instanceof Tensor) return visit(state, path);
  if (!isBranch(state)) return state;
  const mapped = entriesOf(state, path).map(([key, each, at]) => [key, mapLeaves(each, visit, at)] as const);
  return Array.isArray(state) ? mapped.map(([, each]) => each) : Object.fromEntries(mapped);
}

/** The float tensors of a state as a tree that gradients can be asked of. */
export function floatTree(state: unknown): unknown {
  if (state instanceof Tensor) return isFloat(state.dtype) ? state : {};
  const floats = entriesOf(state, '').flatMap(([key, each]) =>
    isBranch(each) || (each instanceof Tensor && isFloat(each.dtype))
      ? [[key, floatTree(each)] as const]
      : [],
  );
  return Object.fromEntries(floats);
}

/** A state with its float tensors from such a tree. */
export function withFloats(state: unknown, floats: unknown): unknown {
  return mapLeaves(state, (leaf, path) => (isFloat(leaf.dtype) ? leafAt(floats, path) : leaf));
}

/** What a state is made of, in words: `state.h float64 [2, 3], state.steps number`. */
export function describeState(state: unknown): string {
  const parts = (node: unknown, path: string): string[] => {
    if (node instanceof Tensor) return [`${nameState(path)} ${node.dtype} ${showShape(node.shape)}`];
    if (!isBranch(node)) return [`${nameState(path)} ${node === null ? 'null' : typeof node}`];
    return entriesOf(node, path).flatMap(([, each, at]) => parts(each, at));
  };
  return parts(state, '').sort().join(', ');
}

/** The leaf of a tree at a path that `stateLeaves` gave. */
export function leafAt(tree: unknown, path: string): Tensor {
  const keys = path === '' ? [] : path.split('.');
  return keys.reduce((node, key) => (node as Record<string, unknown>)[key], tree) as Tensor;
}

/** `state.h`. */
export const nameState = (path: string, root = 'state'): string => (path === '' ? root : `${root}.${path}`);

function entriesOf(state: unknown, path: string): [key: string, value: unknown, path: string][] {
  if (!isBranch(state)) return [];
  return Object.entries(state).map(([key, value]) => [key, value, path === '' ? key : `${path}.${key}`]);
}
