/** Gradients of functions. */
import { DtypeError, isFloat, onesLike, ShapeError, Tensor, ValueError, zerosLike } from '@chronograd/tensor';
import {
  copyOutFor,
  describeValue,
  mapTensors,
  refusePromise,
  requireFunction,
  showShape,
  withRecorder,
  withScope,
} from '@chronograd/tensor/engine';
import { newHandle } from './custom.ts';
import { Tape } from './tape.ts';
import { type Gradients, mapTree } from './tree.ts';

/** What a differentiated function returns: its value, a single number, alone or with whatever else the caller wants to keep. */
export type ValueOrAux<A> = Tensor | { readonly value: Tensor; readonly aux: A };

/** A value, its gradients, and what came along. */
export interface ValueAndGrads<G, A> {
  /** Shape []. */
  readonly value: Tensor;
  readonly grads: G;
  readonly aux: A;
}

type AuxOf<R> = R extends { readonly aux: infer A } ? A : undefined;

/**
 * A function that computes `fn`'s value and its gradients.
 * - `valueAndGrad(fn)`: with respect to the first argument, a tensor or a tree of tensors (arrays, plain objects, modules).
 * - `valueAndGrad(target, fn)`: with respect to `target`, a module or tree that `fn` uses from outside; all arguments are ordinary.
 *
 * Everything computed inside is gone when the call returns, except what is returned: nothing needs freeing. `fn` returns a tensor of one
 * element, or `{ value, aux }` to pass something along (the next hidden state). Gradients come as a tree with the target's names; a
 * tensor that the value does not depend on gets zeros, a frozen parameter of a module nothing. Calls nest at will.
 * @throws ShapeError unless the value has one element. @throws DtypeError unless it is a float. @throws ScopeError for a promise.
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

/** What `op` returns. */
function differentiated(
  op: string,
  first: unknown,
  second?: (...args: unknown[]) => ValueOrAux<unknown>,
): (...args: unknown[]) => ValueAndGrads<unknown, unknown> {
  if (second !== undefined) {
    requireFunction(op, second, howToCall(op));
    return (...args) => differentiate(op, first, () => second(...args));
  }
  requireFunction(op, first, howToCall(op));
  const fn = first as (...args: unknown[]) => ValueOrAux<unknown>;
  return (target, ...rest) => {
    return withScope(
      () => {
        // Fresh handles: the same tensor met elsewhere in the function is a constant there. Modules are themselves.
        const inner = mapTree(op, target, newHandle, true);
        return differentiate(op, inner, () => fn(inner, ...rest));
      },
      (result) => copyOutFor(op, result),
      true,
    );
  };
}

const howToCall = (op: string): string => `${op}(fn)(x) or ${op}(model, fn)(x)`;

function differentiate(
  op: string,
  target: unknown,
  body: () => ValueOrAux<unknown>,
): ValueAndGrads<unknown, unknown> {
  return withScope(
    () => {
      const tape = new Tape();
      try {
        const leaves: Tensor[] = [];
        const tree = mapTree(op, target, (leaf) => {
          tape.watch(leaf);
          leaves.push(leaf);
          return leaf;
        });
        const result = refusePromise(withRecorder(tape, body));
        const value = requireValue(op, result);
        const sums = tape.backward(value, onesLike(value), leaves);
        const gradients = new Map(leaves.map((leaf, i) => [leaf, sums[i] ?? zerosLike(leaf)]));
        return {
          // A parameter that is the value goes on changing; its handle is copied out.
          value: newHandle(value.reshape([])),
          grads: mapTensors(op, tree, (leaf) => gradients.get(leaf) ?? leaf),
          aux: hasAux(result) ? result.aux : undefined,
        };
      } finally {
        tape.close();
      }
    },
    (result) => copyOutFor(op, result),
    true,
  );
}

function hasAux<A>(result: ValueOrAux<A>): result is { readonly value: Tensor; readonly aux: A } {
  return typeof result === 'object' && result !== null && 'value' in result;
}

/** The value among what a differentiated function returned. @throws as `valueAndGrad`. */
export function requireValue(op: string, result: ValueOrAux<unknown>): Tensor {
  const value: unknown = hasAux(result) ? result.value : result;
  if (!(value instanceof Tensor)) {
    throw new ValueError(
      `${op}: the function returned ${describeValue(value)}; a tensor or { value, aux } was expected`,
    );
  }
  if (value.size !== 1) {
    throw new ShapeError(
      `${op}: the function's value has shape ${showShape(value.shape)}, a single number was expected; reduce it with sum() or mean(), or use vjp for a cotangent of that shape`,
    );
  }
  if (!isFloat(value.dtype))
    throw new DtypeError(
      `${op}: the value is int32, a float was expected; cast what it is computed from: x.cast('float32')`,
    );
  return value;
}
