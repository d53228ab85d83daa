/** Gradients of functions. */
import { DtypeError, isFloat, onesLike, ShapeError, Tensor, ValueError } from '@chronograd/tensor';
import {
  copyOutFor,
  describeValue,
  mapTensors,
  requireFunction,
  showShape,
  withScope,
} from '@chronograd/tensor/engine';
import { newHandle } from './custom.ts';
import { pullBack } from './pull-back.ts';
import { type Gradients, mapTree } from './tree.ts';

/** A differentiated function's result: its value, a single number, and anything else to keep. */
export type ValueOrAux<A> = Tensor | { readonly value: Tensor; readonly aux: A };

/** A value, its gradients, and the function's `aux`. */
export interface ValueAndGrads<G, A> {
  /** Shape []. */
  readonly value: Tensor;
  readonly grads: G;
  readonly aux: A;
}

/** What a differentiated function returns beside the value. */
export type AuxOf<R> = R extends { readonly aux: infer A } ? A : undefined;

/**
 * A function that computes `fn`'s value and its gradients.
 * - `valueAndGrad(fn)`: with respect to the first argument, a tensor or a tree of tensors (arrays,
 *   plain objects, modules).
 * - `valueAndGrad(target, fn)`: with respect to `target`, a module or tree that `fn` uses from
 *   outside. All arguments are ordinary.
 *
 * `fn` returns a tensor of one element, or `{ value, aux }` to return more, such as the next hidden
 * state. Gradients form a tree with the target's names. A tensor that the value does not depend on
 * gets zeros; a frozen parameter of a module gets nothing. Everything else that the call computes
 * is freed when it returns. Calls nest.
 * @throws ShapeError unless the value has one element. @throws DtypeError unless it is a float.
 * @throws ScopeError for a promise.
 * @example
 * const step = valueAndGrad(model, (x: Tensor, y: Tensor) => crossEntropy(model.forward(x), y));
 * const { value, grads } = step(x, y);
 */
export function valueAndGrad<T, Rest extends readonly unknown[], R extends ValueOrAux<unknown>>(
  fn: (target: T, ...rest: Rest) => R,
): (target: T, ...rest: Rest) => ValueAndGrads<Gradients<T>, AuxOf<R>>;
export function valueAndGrad<
  T extends object,
  Args extends readonly unknown[],
  R extends ValueOrAux<unknown>,
>(target: T, fn: (...args: Args) => R): (...args: Args) => ValueAndGrads<Gradients<T>, AuxOf<R>>;
export function valueAndGrad(
  first: unknown,
  second?: (...args: unknown[]) => ValueOrAux<unknown>,
): (...args: unknown[]) => ValueAndGrads<unknown, unknown> {
  return differentiated('valueAndGrad', first, second);
}

/** Like `valueAndGrad`, but the gradients alone. */
export function grad<T, Rest extends readonly unknown[]>(
  fn: (target: T, ...rest: Rest) => ValueOrAux<unknown>,
): (target: T, ...rest: Rest) => Gradients<T>;
export function grad<T extends object, Args extends readonly unknown[]>(
  target: T,
  fn: (...args: Args) => ValueOrAux<unknown>,
): (...args: Args) => Gradients<T>;
export function grad(
  first: unknown,
  second?: (...args: unknown[]) => ValueOrAux<unknown>,
): (...args: unknown[]) => unknown {
  const both = differentiated('grad', first, second);
  return (...args) => both(...args).grads;
}

/** The function that `op` returns. */
function differentiated(
  op: string,
  first: unknown,
  second?: (...args: unknown[]) => ValueOrAux<unknown>,
): (...args: unknown[]) => ValueAndGrads<unknown, unknown> {
  const usage = `${op}(fn)(x) or ${op}(model, fn)(x)`;
  if (second !== undefined) {
    requireFunction(op, second, usage);
    return (...args) => inScope(op, () => differentiate(op, first, () => second(...args)));
  }
  requireFunction(op, first, usage);
  const fn = first as (...args: unknown[]) => ValueOrAux<unknown>;
  return (target, ...rest) =>
    inScope(op, () => {
      // Other handles: the same tensor used elsewhere in the function is a constant.
      const inner = mapTree(op, target, newHandle, true);
      return differentiate(op, inner, () => fn(inner, ...rest));
    });
}

const inScope = <R>(op: string, body: () => R): R =>
  withScope(body, (result) => copyOutFor(op, result), true);

function differentiate(
  op: string,
  target: unknown,
  body: () => ValueOrAux<unknown>,
): ValueAndGrads<unknown, unknown> {
  const leaves: Tensor[] = [];
  const tree = mapTree(op, target, (leaf) => {
    leaves.push(leaf);
    return leaf;
  });
  const { result, output, grads } = pullBack(leaves, body, (result) => {
    const value = requireValue(op, result);
    return [value, onesLike(value)];
  });
  return {
    // The value may be a parameter, which goes on changing. Its handle is copied out.
    value: newHandle(output.reshape([])),
    grads: mapTensors(op, tree, (leaf) => grads.get(leaf) ?? leaf),
    aux: hasAux(result) ? result.aux : undefined,
  };
}

/** Whether a differentiated function returned more than the value. */
export function hasAux<A>(result: ValueOrAux<A>): result is { readonly value: Tensor; readonly aux: A } {
  return typeof result === 'object' && result !== null && 'value' in result;
}

/** The value among what a differentiated function returned. @throws as `valueAndGrad`. */
export function requireValue(op: string, result: ValueOrAux<unknown>): Tensor {
  const value: unknown = hasAux(result) ? result.value : result;
  if (!(value instanceof Tensor)) {
    throw new ValueError(
      `${op}: expected a tensor or { value, aux } from the function, got ${describeValue(value)}`,
    );
  }
  if (value.size !== 1) {
    throw new ShapeError(
      `${op}: expected a single number from the function, got shape ${showShape(value.shape)}; reduce it with sum() or mean(), or use vjp for a cotangent of that shape`,
    );
  }
  if (isFloat(value.dtype)) return value;
  throw new DtypeError(
    `${op}: expected a float from the function, got int32; cast what it is computed from: x.cast('float32')`,
  );
}
