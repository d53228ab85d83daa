/** Trees of tensors: a tensor, an array or plain object of trees, or something that says what its parameters are (a module). */
import { type Parameter, Tensor, ValueError } from '@chronograd/tensor';
import { describeValue, foreignPackage, planning, requireFunction } from '@chronograd/tensor/engine';

/** Something with parameters, which it shows as a tree without the frozen ones; `Module` in @chronograd/nn is one. */
export interface HasParameters {
  parameterTree(): object;
}

/** What gradients can be asked for. */
export type Differentiable = Tensor | HasParameters | readonly Differentiable[] | object;

type ParameterLike = Parameter | HasParameters | readonly ParameterLike[];

/**
 * The gradients of a tree: the same names, a tensor for each tensor. Of a module, those fields that are parameters or modules; one
 * that may be null (a bias that was not asked for) has no gradient then.
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
 * The same tree with `visit` applied to each tensor; `visit` is called once for a tensor that stands in several places.
 * @param whole whether modules stay what they are, instead of showing their parameters.
 * @throws ValueError for a leaf that is no tensor, for an object that hides what it holds (a Map, a Set), and for a tree that holds itself.
 */
export function mapTree(
  op: string,
  tree: unknown,
  visit: (leaf: Tensor, path: string) => unknown,
  whole = false,
): unknown {
  requireFunction(op, visit, `${op}(…, tree, (tensor) => …)`);
  const seen = new Map<Tensor, unknown>();
  const above: object[] = [];
  const walk = (node: unknown, path: string): unknown => {
    if (node instanceof Tensor) {
      if (!seen.has(node)) seen.set(node, visit(node, path));
      return seen.get(node);
    }
    if (typeof node !== 'object' || node === null || isOpaque(node)) throw noTree(op, node, path);
    const shows = hasParameters(node);
    if (shows && whole) return node;
    planning?.guard(node);
    if (above.includes(node)) {
      throw new ValueError(
        `${op}: expected a tree, got ${describeValue(node)}${at(path)} that holds itself; pass what its tensors are in alone`,
      );
    }
    above.push(node);
    const mapped = Array.isArray(node)
      ? // Not map, which would pass over holes.
        Array.from(node, (each, i) => walk(each, join(path, String(i))))
      : mapFields(node, path, walk);
    above.pop();
    return mapped;
  };
  return walk(tree, '');
}

function mapFields(
  node: object,
  path: string,
  walk: (node: unknown, path: string) => unknown,
): Record<string, unknown> {
  const fields = fieldsOf(node) as Readonly<Record<string, unknown>>;
  const names = Object.keys(fields);
  return Object.fromEntries(names.map((name) => [name, walk(fields[name], join(path, name))]));
}

/** Whether an object shows nothing of what it holds, as a Map, a Set and a tensor of another loaded copy do. */
export function isOpaque(node: object): boolean {
  if (hasParameters(node) || Array.isArray(node)) return false;
  if (foreignPackage(node) !== null) return true;
  return !isPlain(node) && Object.keys(node).length === 0;
}

function noTree(op: string, node: unknown, path: string): ValueError {
  return new ValueError(
    `${op}: expected a tensor, a module, or arrays or objects of them, got ${describeValue(node)}${at(path)}`,
  );
}

const at = (path: string): string => (path === '' ? '' : ` at ${path}`);

function isPlain(node: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(node);
  return prototype === Object.prototype || prototype === null;
}

/** All tensors of a tree with their paths (`recurrent.cell.weightHh`), each once. */
export function leavesOf(op: string, tree: unknown): { readonly path: string; readonly leaf: Tensor }[] {
  const leaves: { path: string; leaf: Tensor }[] = [];
  mapTree(op, tree, (leaf, path) => {
    leaves.push({ path, leaf });
    return leaf;
  });
  return leaves;
}

/** What a node of a tree is made of: its own fields, or the parameters that it shows. */
export function fieldsOf(node: object): object {
  return hasParameters(node) ? node.parameterTree() : node;
}

/** Whether a value shows parameters. */
export function hasParameters(value: unknown): value is HasParameters {
  return typeof (value as Partial<HasParameters> | null)?.parameterTree === 'function';
}

function join(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}
