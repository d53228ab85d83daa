/** Trees of arguments and results: tensors, in arrays and plain objects. Objects of classes are leaves. */
import { Tensor } from './tensor.ts';

/** A tree with its tensors exchanged; other leaves as they are. */
export function mapTensors(tree: unknown, visit: (leaf: Tensor) => Tensor): unknown {
  if (tree instanceof Tensor) return visit(tree);
  if (Array.isArray(tree)) return tree.map((each) => mapTensors(each, visit));
  if (isPlain(tree)) {
    return Object.fromEntries(Object.entries(tree).map(([name, each]) => [name, mapTensors(each, visit)]));
  }
  return tree;
}

/** Gives a record a field of its own, whatever the name: assigned, `__proto__` would be no field. */
export function setField(record: Record<string, unknown>, name: string, value: unknown): void {
  if (name !== '__proto__') record[name] = value;
  else Object.defineProperty(record, name, { value, writable: true, enumerable: true, configurable: true });
}

const LIST = Symbol('list');
const RECORD = Symbol('record');

/** All that a tree holds in one list: its leaves, and what tells one form of tree from another. */
export function flatten(tree: unknown, into: unknown[]): unknown[] {
  if (Array.isArray(tree)) {
    into.push(LIST, tree.length);
    for (const each of tree) flatten(each, into);
  } else if (isPlain(tree)) {
    const names = Object.keys(tree);
    into.push(RECORD, names.length);
    for (const name of names) {
      into.push(name);
      flatten(tree[name], into);
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
