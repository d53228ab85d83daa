/** Trees of tensors: a tensor, an array or plain object of trees, or something that says what its parameters are (a module). */
import { type Parameter, Tensor, ValueError } from '@chronograd/tensor';
import { planning, setField } from '@chronograd/tensor/engine';

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
 * @throws ValueError for a leaf that is no tensor.
 */
export function mapTree(
  op: string,
  tree: unknown,
  visit: (leaf: Tensor, path: string) => unknown,
  whole = false,
): unknown {
  const seen = new Map<Tensor, unknown>();
  const walk = (node: unknown, path: string): unknown => {
    if (node instanceof Tensor) {
      if (!seen.has(node)) seen.set(node, visit(node, path));
      return seen.get(node);
    }
    if (planning !== null && typeof node === 'object' && node !== null) planning.guard(node);
    if (Array.isArray(node)) return node.map((each, i) => walk(each, join(path, String(i))));
    if (typeof node === 'object' && node !== null) {
      if (whole && hasParameters(node)) return node;
      const fields = fieldsOf(node);
      const mapped: Record<string, unknown> = {};
      for (const name of Object.keys(fields)) {
        setField(mapped, name, walk((fields as Record<string, unknown>)[name], join(path, name)));
      }
      return mapped;
    }
    throw new ValueError(
      `${op}: ${node === null ? 'null' : typeof node} came${path === '' ? '' : ` at ${path}`}, tensors, arrays or objects of them, or a module were expected`,
    );
  };
  return walk(tree, '');
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
