/** Products with Jacobians and Hessians. Each is computed and returned by one call; nothing stays open. */
import { copyOut, isFloat, ShapeError, Tensor, ValueError, zerosLike } from '@chronograd/tensor';
import {
  describeValue,
  refusePromise,
  requireFunction,
  requireTensor,
  sameShape,
  showShape,
  withRecorder,
  withScope,
  zipTree,
} from '@chronograd/tensor/engine';
import { newHandle } from './custom.ts';
import { Tape } from './tape.ts';
import { fieldsOf, type Gradients, leavesOf, mapTree } from './tree.ts';

/**
 * Vector–Jacobian product: the gradient of ⟨fn(input), cotangent⟩, without forming the Jacobian.
 * @param input a tensor, a module, or a tree of them. @param cotangent of the shape of `fn`'s result.
 */
export function vjp<T>(
  fn: (input: T) => Tensor,
  input: T,
  cotangent: Tensor,
): { readonly value: Tensor; readonly grads: Gradients<T> } {
  requireFunction('vjp', fn, 'vjp((x) => …, x, cotangent)');
  return withScope(
    () => {
      const inner = mapTree('vjp', input, newHandle, true) as T;
      const { value, grads } = pullBack('vjp', fn, inner, () => cotangent);
      return { value, grads: mapTree('vjp', inner, (leaf) => grads.get(leaf)) as Gradients<T> };
    },
    copyOut,
    true,
  );
}

/**
 * Jacobian–vector product: how fast `fn(input)` changes as `input` moves along `tangent`. The VJP is linear in its cotangent; its own
 * VJP is this.
 * @param tangent a tree of the shapes of `input`.
 */
export function jvp<T>(
  fn: (input: T) => Tensor,
  input: T,
  tangent: Gradients<T>,
): { readonly value: Tensor; readonly tangent: Tensor } {
  requireFunction('jvp', fn, 'jvp((x) => …, x, tangent)');
  return withScope(
    () => {
      const inner = mapTree('jvp', input, newHandle, true) as T;
      leavesOf('jvp', inner); // which must be a tree
      const along = pair('jvp', inner, tangent);
      const tape = new Tape();
      try {
        let dummy: Tensor | undefined;
        const { value, grads } = withRecorder(tape, () =>
          pullBack('jvp', fn, inner, (output) => {
            dummy = zerosLike(output);
            tape.watch(dummy);
            return dummy;
          }),
        );
        const total = withRecorder(tape, () => innerProduct(grads, along));
        const [result] = tape.backward(total, zerosLike(total).add(1), [dummy!]);
        return { value, tangent: result ?? zerosLike(value) };
      } finally {
        tape.close();
      }
    },
    copyOut,
    true,
  );
}

/**
 * Hessian–vector product of a function with a single number as result: the gradient of ⟨∇fn(input), vector⟩.
 * @param vector a tree of the shapes of `input`.
 */
export function hvp<T>(
  fn: (input: T) => Tensor,
  input: T,
  vector: Gradients<T>,
): { readonly value: Tensor; readonly grads: Gradients<T>; readonly product: Gradients<T> } {
  requireFunction('hvp', fn, 'hvp((x) => …, x, vector)');
  return withScope(
    () => {
      const inner = mapTree('hvp', input, newHandle, true) as T;
      leavesOf('hvp', inner); // which must be a tree
      const along = pair('hvp', inner, vector);
      const tape = new Tape();
      try {
        for (const leaf of along.keys()) tape.watch(leaf);
        const { value, grads } = withRecorder(tape, () =>
          pullBack('hvp', fn, inner, (output) => {
            if (output.size !== 1) {
              throw new ShapeError(
                `hvp: the function's result has shape ${showShape(output.shape)}, a single number was expected`,
              );
            }
            return zerosLike(output).add(1);
          }),
        );
        const total = withRecorder(tape, () => innerProduct(grads, along));
        const leaves = [...along.keys()];
        const sums = tape.backward(total, zerosLike(total).add(1), leaves);
        const products = new Map(leaves.map((leaf, i) => [leaf, sums[i] ?? zerosLike(leaf)]));
        const tree = (of: Map<Tensor, Tensor>): Gradients<T> =>
          mapTree('hvp', inner, (leaf) => of.get(leaf)) as Gradients<T>;
        return { value, grads: tree(grads), product: tree(products) };
      } finally {
        tape.close();
      }
    },
    copyOut,
    true,
  );
}

/** Runs `fn` on a tape of its own and walks back from its result with the cotangent that `seed` gives. */
function pullBack<T>(
  op: string,
  fn: (input: T) => Tensor,
  input: T,
  seed: (output: Tensor) => Tensor,
): { value: Tensor; grads: Map<Tensor, Tensor> } {
  const tape = new Tape();
  try {
    const leaves = leavesOf(op, input).map(({ leaf }) => leaf);
    for (const leaf of leaves) tape.watch(leaf);
    const value = refusePromise(withRecorder(tape, () => fn(input)));
    if (!(value instanceof Tensor) || !isFloat(value.dtype)) {
      throw new ValueError(
        `${op}: the function returned ${value instanceof Tensor ? value.dtype : describeValue(value)}, a float tensor was expected`,
      );
    }
    const cotangent = requireTensor(op, seed(value));
    if (!sameShape(cotangent.shape, value.shape) || cotangent.dtype !== value.dtype) {
      throw new ShapeError(
        `${op}: cotangent ${cotangent.dtype} ${showShape(cotangent.shape)} came, the result's ${value.dtype} ${showShape(value.shape)} was expected`,
      );
    }
    const sums = tape.backward(value, cotangent, leaves);
    return { value, grads: new Map(leaves.map((leaf, i) => [leaf, sums[i] ?? zerosLike(leaf)])) };
  } finally {
    tape.close();
  }
}

/** Each tensor of a tree with the one in the same place of `other`, which must have its shape and dtype. */
function pair(op: string, tree: unknown, other: unknown): Map<Tensor, Tensor> {
  const pairs = new Map<Tensor, Tensor>();
  const add = (leaf: unknown, twin: unknown, path: string): void => {
    const { shape, dtype } = leaf as Tensor;
    if (pairs.has(leaf as Tensor)) return;
    if (!(twin instanceof Tensor && sameShape(twin.shape, shape) && twin.dtype === dtype)) {
      const got = twin instanceof Tensor ? `${twin.dtype} ${showShape(twin.shape)}` : describeValue(twin);
      throw new ShapeError(
        `${op}: expected ${dtype} ${showShape(shape)} for ${path === '' ? 'the vector' : path}, got ${got}`,
      );
    }
    pairs.set(leaf as Tensor, twin);
  };
  zipTree(op, tree, other, add, (node, twin) =>
    node instanceof Tensor ? null : [fieldsOf(node as object), twin],
  );
  return pairs;
}

/** Σ ⟨gradient, vector⟩ over all leaves; integers do not move. */
function innerProduct(grads: Map<Tensor, Tensor>, along: Map<Tensor, Tensor>): Tensor {
  let total: Tensor | undefined;
  for (const [leaf, vector] of along) {
    if (!isFloat(leaf.dtype)) continue;
    const term = grads.get(leaf)!.mul(vector).sum();
    total = total === undefined ? term : total.add(term);
  }
  if (total === undefined) throw new ShapeError('the input holds no float tensors');
  return total;
}
