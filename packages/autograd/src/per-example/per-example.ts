/** Gradients of each example of a batch, from one forward and one backward pass. */
import { isFloat, onesLike, ShapeError, Tensor, ValueError, where, zerosLike } from '@chronograd/tensor';
import {
  copyOutFor,
  describeValue,
  mapTensors,
  refusePromise,
  requireFunction,
  showShape,
  showValue,
  withRecorder,
  withRuntime,
  withScope,
} from '@chronograd/tensor/engine';
import { newHandle } from '../custom.ts';
import { type AuxOf, hasAux, type ValueOrAux } from '../grad.ts';
import { Tape } from '../tape.ts';
import { type Gradients, mapTree } from '../tree.ts';
import { ParameterSums } from './parameter-sums.ts';
import { separate } from './walk.ts';

/** The losses of the examples, and the function's `aux`. */
export interface PerExample<A> {
  /** The loss of each example: shape [B]. */
  readonly value: Tensor;
  readonly aux: A;
}

/** As `PerExample`, with the gradients. */
export interface PerExampleGradients<G, A> extends PerExample<A> {
  /** A tree with the target's names: a tensor [B, …] for each parameter […]. */
  readonly grads: G;
}

/** As `PerExample`, with the norms of the gradients. */
export interface PerExampleNorms<A> extends PerExample<A> {
  /** The norm of each example's gradient, over all parameters: shape [B]. */
  readonly norms: Tensor;
}

/** As `PerExampleNorms`, with one gradient for all. */
export interface ClippedMean<G, A> extends PerExampleNorms<A> {
  /** The mean of the clipped gradients: a tree with the target's names and shapes. */
  readonly grads: G;
}

/**
 * A function that computes the gradient of each example's loss. It equals B calls of `valueAndGrad`
 * for one example each, up to rounding, for one forward and one backward pass. Any cell, module or
 * function works: examples may be on any axis, and may affect each other.
 *
 * Checkpoints are disabled. What all examples share before a weight is used, such as a mask on the
 * weight, takes one backward pass for each example. So does whatever mixes examples, such as a mean
 * over the batch.
 * @param target a module or tree of tensors that `fn` uses. @param fn returns one loss for each
 * example, shape [B], or `{ value, aux }`.
 * @throws ShapeError or ValueError unless the loss is a float [B]. ScopeError for a promise.
 * @example
 * const step = perExampleGradients(model, (x: Tensor, y: Tensor) =>
 *   crossEntropy(model.forward(x), y, { reduction: 'none' }).mean(0), // [T, B] → [B]
 * );
 * step(x, y).grads.cell.weightHh; // [B, H, H]
 */
export function perExampleGradients<
  T extends object,
  Args extends readonly unknown[],
  R extends ValueOrAux<unknown>,
>(target: T, fn: (...args: Args) => R): (...args: Args) => PerExampleGradients<Gradients<T>, AuxOf<R>> {
  const op = 'perExampleGradients';
  return separately(op, target, fn, (sums) => ({ grads: gradientsBy(op, target, sums, (x) => x.stacked()) }));
}

/**
 * A function that computes the norm of each example's gradient. As `perExampleGradients`, but the
 * gradients of weights that are used in products or look-ups are not formed if that is cheaper:
 * ‖Σ g_t·x_tᵀ‖² = Σ (g_s·g_t)·(x_s·x_t). Goodfellow, 2015.
 * @throws as `perExampleGradients`.
 */
export function perExampleNorms<
  T extends object,
  Args extends readonly unknown[],
  R extends ValueOrAux<unknown>,
>(target: T, fn: (...args: Args) => R): (...args: Args) => PerExampleNorms<AuxOf<R>> {
  return separately('perExampleNorms', target, fn, (sums, value) => ({ norms: normsOf(sums, value) }));
}

/**
 * A function that computes the mean of the examples' gradients, each scaled down to `maxNorm` if
 * its norm over all parameters is larger. No example has more than 1/B of `maxNorm` in the mean.
 * Abadi and others, "Deep learning with differential privacy", 2016; noise is left to the caller.
 * @throws as `perExampleGradients`. ValueError unless `maxNorm` is above 0.
 * @example
 * const step = clippedMeanGradients(model, loss, 1);
 * optimizer.update(step(x, y).grads);
 */
export function clippedMeanGradients<
  T extends object,
  Args extends readonly unknown[],
  R extends ValueOrAux<unknown>,
>(
  target: T,
  fn: (...args: Args) => R,
  maxNorm: number,
): (...args: Args) => ClippedMean<Gradients<T>, AuxOf<R>> {
  const op = 'clippedMeanGradients';
  if (typeof maxNorm !== 'number' || !(maxNorm > 0))
    throw new ValueError(`${op}: expected a number above 0 for maxNorm, got ${showValue(maxNorm)}`);
  return separately(op, target, fn, (sums, value) => {
    const norms = normsOf(sums, value);
    const weights = where(norms.greater(maxNorm), norms.pow(-1).mul(maxNorm), 1).div(norms.size);
    return { norms, grads: gradientsBy(op, target, sums, (x) => x.weighted(weights.cast(x.dtype))) };
  });
}

type Sums = ReadonlyMap<Tensor, ParameterSums>;

/** The function that `op` returns. */
function separately<Args extends readonly unknown[], R extends ValueOrAux<unknown>, S extends object>(
  op: string,
  target: object,
  fn: (...args: Args) => R,
  summarize: (sums: Sums, value: Tensor) => S,
): (...args: Args) => S & PerExample<AuxOf<R>> {
  requireFunction(op, fn, `${op}(model, (x, y) => losses)`);
  const run = (args: Args): S & PerExample<AuxOf<R>> => {
    const leaves = new Set<Tensor>();
    mapTree(op, target, (leaf) => void leaves.add(leaf));
    const watched = [...leaves];
    const tape = new Tape();
    try {
      for (const leaf of watched) tape.watch(leaf);
      const result = withRuntime({ checkpoints: false }, () =>
        refusePromise(withRecorder(tape, () => fn(...args))),
      );
      const value = requireLosses(op, result);
      const { sums, arrived } = separate(tape, value, onesLike(value), watched);
      const parameters = new Map(watched.map((x, i) => [x, new ParameterSums(x, arrived[i]!, sums)]));
      const aux = (hasAux(result) ? result.aux : undefined) as AuxOf<R>;
      return { value: newHandle(value), ...summarize(parameters, value), aux };
    } finally {
      tape.close();
    }
  };
  return (...args) =>
    withScope(
      () => run(args),
      (result) => copyOutFor(op, result),
      true,
    );
}

/** @throws unless the function has returned one float for each example. */
function requireLosses(op: string, result: ValueOrAux<unknown>): Tensor {
  const value: unknown = hasAux(result) ? result.value : result;
  if (!(value instanceof Tensor) || !isFloat(value.dtype)) {
    const got = value instanceof Tensor ? value.dtype : describeValue(value);
    throw new ValueError(`${op}: expected a float tensor or { value, aux } from the function, got ${got}`);
  }
  if (value.rank === 1 && value.size > 0) return value;
  throw new ShapeError(
    `${op}: expected one loss for each example, shape [B], from the function, got ${showShape(value.shape)}; use reduction: 'none', and sum or average over all axes but the batch`,
  );
}

const gradientsBy = <T>(op: string, target: T, sums: Sums, by: (of: ParameterSums) => Tensor): Gradients<T> =>
  mapTensors(
    op,
    mapTree(op, target, (leaf) => leaf),
    (leaf) => by(sums.get(leaf)!),
  ) as Gradients<T>;

/** √ of the sum over all parameters: shape [B]. */
function normsOf(sums: Sums, value: Tensor): Tensor {
  return [...sums.values()]
    .filter((each) => isFloat(each.dtype))
    .map((each) => each.squaredNorms().cast(value.dtype))
    .reduce((a, b) => a.add(b), zerosLike(value))
    .sqrt();
}
