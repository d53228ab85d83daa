/** States are trees: a tensor, or arrays and plain objects of them. What is neither (a count, a flag) is a leaf too. */
import { Tensor, ValueError } from '@chronograd/tensor';
import { describeValue, nameOf } from '@chronograd/tensor/engine';

/** @throws ValueError for a state with an object in it that is not looked into: padding would not hold it, nor gradients find its tensors. */
export function requireState<S>(cell: object, state: S): S {
  mapState(state, (leaf) => {
    if (leaf instanceof Tensor || leaf === null || (typeof leaf !== 'object' && typeof leaf !== 'function'))
      return;
    throw new ValueError(
      `Recurrent: ${describeValue(leaf)} came in the state of ${nameOf(cell)}, tensors and numbers in arrays and plain objects were expected; give its fields as { … }`,
    );
  });
  return state;
}

/** Deeper than any state. */
const DEEPEST = 1000;

/** The same tree with `visit` applied to each leaf. @throws ValueError for a state that holds itself. */
export function mapState(tree: unknown, visit: (leaf: unknown) => unknown, depth = 0): unknown {
  if (depth > DEEPEST)
    throw new ValueError(
      'Recurrent: expected a tree for the state, got an array or object that holds itself; initialState(batch) gives one',
    );
  if (Array.isArray(tree)) return tree.map((each) => mapState(each, visit, depth + 1));
  if (!isBranch(tree)) return visit(tree);
  return Object.fromEntries(
    Object.entries(tree).map(([name, each]) => [name, mapState(each, visit, depth + 1)]),
  );
}

/** Two trees of one form with `visit` applied to each pair of leaves. */
export function zipStates(
  first: unknown,
  second: unknown,
  visit: (a: unknown, b: unknown) => unknown,
): unknown {
  if (first === second) return first;
  if (Array.isArray(first)) {
    const others = second as readonly unknown[];
    return first.map((each, i) => zipStates(each, others[i], visit));
  }
  if (!isBranch(first)) return visit(first, second);
  const others = second as Readonly<Record<string, unknown>>;
  return Object.fromEntries(
    Object.entries(first).map(([name, each]) => [name, zipStates(each, others[name], visit)]),
  );
}

/** Whether a state has parts: an array, or a plain object. */
export function isBranch(value: unknown): value is Readonly<Record<string, unknown>> {
  if (Array.isArray(value)) return true;
  if (typeof value !== 'object' || value === null || value instanceof Tensor) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}
