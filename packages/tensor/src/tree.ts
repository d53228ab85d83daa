/**
 * Trees: arguments, results, gradients, states, modules. Arrays and plain objects are branches;
 * everything else, objects of classes included, is a leaf. A `Walk` says where that differs.
 */
import { describeValue, ValueError } from './errors.ts';
import { Tensor } from './tensor.ts';

export type Branch = readonly unknown[] | Readonly<Record<string, unknown>>;

/** Whether a value is an array or an object of no class. */
export function isBranch(value: unknown): value is Branch {
  if (Array.isArray(value)) return true;
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}

/** Which nodes a walk enters, and what an error advises. */
export interface Walk {
  /** The fields of a node to visit; null for a leaf. Default: those of arrays and plain objects. */
  readonly open?: (node: unknown, path: string) => Branch | null;
  /** How to avoid a node that holds itself. Default: "pass what its tensors are in alone". */
  readonly cure?: string;
}

const branchOf = (node: unknown): Branch | null => (isBranch(node) ? node : null);

/** Extends a path by a name: `cell` and `weight` give `cell.weight`. An empty part is left out. */
export function joinPath(path: string, name: string): string {
  return path === '' || name === '' ? path + name : `${path}.${name}`;
}

/**
 * The same tree with `visit` applied to each leaf. `visit` also receives the leaf's path, such as
 * `layers.0.weight`.
 * @throws ValueError for a node that holds itself.
 */
export function mapTree(
  op: string,
  tree: unknown,
  visit: (leaf: unknown, path: string) => unknown,
  { open = branchOf, cure }: Walk = {},
): unknown {
  const above: unknown[] = [];
  const walk = (node: unknown, path: string): unknown => {
    const branch = open(node, path);
    if (branch === null) return visit(node, path);
    requireEnd(op, node, path, above, cure);
    above.push(node);
    const mapped = mapFields(branch, (each, name) => walk(each, joinPath(path, name)));
    above.pop();
    return mapped;
  };
  return walk(tree, '');
}

/**
 * The same tree with `visit` applied to each tensor. Other leaves are unchanged.
 * @throws as `mapTree`.
 */
export function mapTensors(
  op: string,
  tree: unknown,
  visit: (leaf: Tensor, path: string) => Tensor,
): unknown {
  return mapTree(op, tree, (leaf, path) => (leaf instanceof Tensor ? visit(leaf, path) : leaf));
}

/** How `zipTree` enters two nodes: the first branch names the fields; null for leaves. */
type OpenBoth = (a: unknown, b: unknown, path: string) => readonly [Branch, unknown] | null;

/**
 * The tree `first` with `visit` applied to each leaf and to what `second` has in the same place,
 * which is undefined where it has nothing.
 * @param open default: enters the branches of `first`. @throws as `mapTree`.
 */
export function zipTree(
  op: string,
  first: unknown,
  second: unknown,
  visit: (a: unknown, b: unknown, path: string) => unknown,
  open: OpenBoth = (a, b) => (isBranch(a) ? [a, b] : null),
): unknown {
  const above: [unknown[], unknown[]] = [[], []];
  const walk = (a: unknown, b: unknown, path: string): unknown => {
    const opened = open(a, b, path);
    if (opened === null) return visit(a, b, path);
    requireEnd(op, a, path, above[0]);
    requireEnd(op, b, path, above[1]);
    above[0].push(a);
    above[1].push(b);
    const [branch, other] = opened;
    const others = other as Readonly<Record<string, unknown>> | null | undefined;
    const mapped = mapFields(branch, (each, name) => walk(each, others?.[name], joinPath(path, name)));
    above[0].pop();
    above[1].pop();
    return mapped;
  };
  return walk(first, second, '');
}

export interface TreeLeaf<Leaf = unknown> {
  /** Empty for the root. */
  readonly path: string;
  readonly leaf: Leaf;
}

/** All leaves of a tree, in order. One in two places comes twice. @throws as `mapTree`. */
export function leaves(op: string, tree: unknown, walk?: Walk): TreeLeaf[] {
  const found: TreeLeaf[] = [];
  mapTree(op, tree, (leaf, path) => void found.push({ path, leaf }), walk);
  return found;
}

/** All tensors among the leaves of a tree. @throws as `mapTree`. */
export function tensorLeaves(op: string, tree: unknown, walk?: Walk): TreeLeaf<Tensor>[] {
  return leaves(op, tree, walk).filter((each): each is TreeLeaf<Tensor> => each.leaf instanceof Tensor);
}

/** The node that `keys` lead to from the root; undefined where there is none. */
export function nodeAt(tree: unknown, keys: readonly string[]): unknown {
  let node = tree;
  for (const key of keys) node = (node as Readonly<Record<string, unknown>> | null | undefined)?.[key];
  return node;
}

/** How many tensors a tree holds, in objects of classes too. Builds no paths. */
export function countTensors(tree: unknown): number {
  if (tree instanceof Tensor) return 1;
  if (typeof tree !== 'object' || tree === null) return 0;
  let count = 0;
  for (const name in tree) count += countTensors((tree as Readonly<Record<string, unknown>>)[name]);
  return count;
}

/** `visit` that is called once for each tensor, and repeats its result for the same one. */
export function once<R>(visit: (x: Tensor, path: string) => R): (x: Tensor, path: string) => R {
  const results = new Map<Tensor, R>();
  return (x, path) => {
    if (!results.has(x)) results.set(x, visit(x, path));
    return results.get(x) as R;
  };
}

const LIST = Symbol('list');
const RECORD = Symbol('record');

/**
 * A tree as one list: its leaves, and markers that tell one form of tree from another. Plans
 * compare such lists at every call. @throws as `mapTree`.
 */
export function flatten(op: string, tree: unknown, into: unknown[] = []): unknown[] {
  const open = (node: unknown): Branch | null => {
    if (!isBranch(node)) return null;
    if (Array.isArray(node)) into.push(LIST, node.length);
    else {
      const names = Object.keys(node);
      into.push(RECORD, names.length, ...names);
    }
    return node;
  };
  mapTree(op, tree, (leaf) => void into.push(leaf), { open });
  return into;
}

/**
 * Holes in an array are visited as undefined, and stay holes unless `visit` gives something. A
 * field named `__proto__` stays a field, as any other.
 */
function mapFields(branch: Branch, visit: (each: unknown, name: string) => unknown): Branch {
  if (Array.isArray(branch)) {
    const mapped: unknown[] = [];
    for (let i = 0; i < branch.length; i++) {
      const value = visit(branch[i], String(i));
      if (value !== undefined || i in branch) mapped[i] = value;
    }
    mapped.length = branch.length;
    return mapped;
  }
  const fields = branch as Readonly<Record<string, unknown>>;
  const mapped: Record<string, unknown> = {};
  for (const name of Object.keys(fields)) setField(mapped, name, visit(fields[name], name));
  return mapped;
}

/** Adds a field of any name. Assigned, `__proto__` would change the prototype. */
export function setField(record: Record<string, unknown>, name: string, value: unknown): void {
  if (name !== '__proto__') record[name] = value;
  else Object.defineProperty(record, name, { value, writable: true, enumerable: true, configurable: true });
}

function requireEnd(
  op: string,
  node: unknown,
  path: string,
  above: readonly unknown[],
  cure = 'pass what its tensors are in alone',
): void {
  if (typeof node !== 'object' || !above.includes(node)) return;
  throw new ValueError(
    `${op}: expected a tree, got ${describeValue(node)}${path === '' ? '' : ` at ${path}`} that holds itself; ${cure}`,
  );
}
