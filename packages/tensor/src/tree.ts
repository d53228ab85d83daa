/** Trees of arguments and results: tensors, in arrays and plain objects. Objects of classes are leaves. */
import { ValueError } from './errors.ts';
import { Tensor } from './tensor.ts';

/** Deeper than any tree that is one: what holds itself has no end. */
const DEEPEST = 1000;

/** A tree with its tensors exchanged; other leaves as they are. @throws ValueError for a tree that holds itself. */
export function mapTensors(op: string, tree: unknown, visit: (leaf: Tensor) => Tensor, depth = 0): unknown {
  if (tree instanceof Tensor) return visit(tree);
  if (Array.isArray(tree)) {
    requireEnd(op, depth);
    return tree.map((each) => mapTensors(op, each, visit, depth + 1));
  }
  if (isPlain(tree)) {
    requireEnd(op, depth);
    return Object.fromEntries(
      Object.entries(tree).map(([name, each]) => [name, mapTensors(op, each, visit, depth + 1)]),
    );
  }
  return tree;
}

function requireEnd(op: string, depth: number): void {
  if (depth < DEEPEST) return;
  throw new ValueError(
    `${op}: expected a tree of arguments or results, got an array or object that holds itself; pass what its tensors are in alone`,
  );
}

/** Gives a record a field of its own, whatever the name: assigned, `__proto__` would be no field. */
export function setField(record: Record<string, unknown>, name: string, value: unknown): void {
  if (name !== '__proto__') record[name] = value;
  else Object.defineProperty(record, name, { value, writable: true, enumerable: true, configurable: true });
}

const LIST = Symbol('list');
const RECORD = Symbol('record');

/** All that a tree holds in one list: its leaves, and what tells one form of tree from another. @throws as `mapTensors`. */
export function flatten(op: string, tree: unknown, into: unknown[], depth = 0): unknown[] {
  if (Array.isArray(tree)) {
    requireEnd(op, depth);
    into.push(LIST, tree.length);
    for (const each of tree) flatten(op, each, into, depth + 1);
  } else if (isPlain(tree)) {
    requireEnd(op, depth);
    const names = Object.keys(tree);
    into.push(RECORD, names.length);
    for (const name of names) {
      into.push(name);
      flatten(op, tree[name], into, depth + 1);
    }
  } else into.push(tree);
  return into;
}

/** Whether a value is an object of no class. */
export function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}
