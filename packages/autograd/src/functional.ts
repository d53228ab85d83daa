/** Products with Jacobians and Hessians. */
import { copyOut, isFloat, ShapeError, Tensor, ValueError, zerosLike } from '@chronograd/tensor';
import {
  describeValue,
  requireFunction,
  requireTensor,
  sameShape,
  showShape,
  withRecorder,
  withScope,
  zipTree,
} from '@chronograd/tensor/engine';
import { newHandle } from './custom.ts';
import { gradientsOf, pullBack } from './pull-back.ts';
import { Tape } from './tape.ts';
import { fieldsOf, type Gradients, leavesOf, mapTree } from './tree.ts';

/**
 * Vector–Jacobian product: the gradient of ⟨fn(input), cotangent⟩, without forming the Jacobian.
 * @param input a tensor, a module, or a tree of them. @param cotangent of the shape of `fn`'s
 * result.
 */
export function vjp<T>(
  fn: (input: T) => Tensor,
  input: T,
  cotangent: Tensor,
): { readonly value: Tensor; readonly grads: Gradients<T> } {
  requireFunction('vjp', fn, 'vjp((x) => …, x, cotangent)');
  return onHandles('vjp', input, (inner) => {
    const { value, grads } = pullBackOf('vjp', fn, inner, () => cotangent);
    return { value, grads: treeOf('vjp', inner, grads) };
  });
}

/**
 * Jacobian–vector product: the derivative of `fn(input)` as `input` moves along `tangent`. The VJP
 * is linear in its cotangent, so its own VJP with respect to the cotangent is the JVP.
 * @param tangent a tree of the shapes of `input`.
 */
export function jvp<T>(
  fn: (input: T) => Tensor,
  input: T,
  tangent: Gradients<T>,
): { readonly value: Tensor; readonly tangent: Tensor } {
  requireFunction('jvp', fn, 'jvp((x) => …, x, tangent)');
  return onHandles('jvp', input, (inner) => {
    const watched: Tensor[] = [];
    const { value, products } = pullBackTwice('jvp', fn, inner, tangent, watched, (output, tape) => {
      const cotangent = zerosLike(output);
      tape.watch(cotangent);
      watched.push(cotangent);
      return cotangent;
    });
    return { value, tangent: products.get(watched[0]!)! };
  });
}

/**
 * Hessian–vector product of a function with a single number as result: the gradient of
 * ⟨∇fn(input), vector⟩.
 * @param vector a tree of the shapes of `input`.
 */
export function hvp<T>(
  fn: (input: T) => Tensor,
  input: T,
  vector: Gradients<T>,
): { readonly value: Tensor; readonly grads: Gradients<T>; readonly product: Gradients<T> } {
  requireFunction('hvp', fn, 'hvp((x) => …, x, vector)');
  return onHandles('hvp', input, (inner) => {
    const watched = leavesOf('hvp', inner).map(({ leaf }) => leaf);
    const { value, grads, products } = pullBackTwice('hvp', fn, inner, vector, watched, (output) => {
      if (output.size === 1) return zerosLike(output).add(1);
      throw new ShapeError(
        `hvp: expected a single number from the function, got shape ${showShape(output.shape)}`,
      );
    });
    return { value, grads: treeOf('hvp', inner, grads), product: treeOf('hvp', inner, products) };
  });
}

type ByTensor = ReadonlyMap<Tensor, Tensor>;

/** Runs `body` in a scope, on other handles of the tensors of `input`. Modules stay as they are. */
function onHandles<T, R>(op: string, input: T, body: (inner: T) => R): R {
  return withScope(() => body(mapTree(op, input, newHandle, true) as T), copyOut, true);
}

const treeOf = <T>(op: string, like: T, tensors: ByTensor): Gradients<T> =>
  mapTree(op, like, (leaf) => tensors.get(leaf)) as Gradients<T>;

/** Runs `fn` and walks back from its result with the cotangent that `seed` returns. */
function pullBackOf<T>(
  op: string,
  fn: (input: T) => Tensor,
  input: T,
  seed: (output: Tensor) => Tensor,
): { readonly value: Tensor; readonly grads: ByTensor } {
  const leaves = leavesOf(op, input).map(({ leaf }) => leaf);
  const { result: value, grads } = pullBack(
    leaves,
    () => fn(input),
    (value) => {
      if (!(value instanceof Tensor) || !isFloat(value.dtype)) {
        throw new ValueError(
          `${op}: expected a float tensor from the function, got ${value instanceof Tensor ? value.dtype : describeValue(value)}`,
        );
      }
      const cotangent = requireTensor(op, seed(value));
      if (sameShape(cotangent.shape, value.shape) && cotangent.dtype === value.dtype)
        return [value, cotangent];
      throw new ShapeError(
        `${op}: expected a cotangent ${kindOf(value)} like the result, got ${kindOf(cotangent)}`,
      );
    },
  );
  return { value, grads };
}

/**
 * The gradient of ⟨gradient of fn, vector⟩, by walking back through the inner backward pass.
 * @param watched the tensors whose gradients are computed. `seed` may add to them.
 */
function pullBackTwice<T>(
  op: string,
  fn: (input: T) => Tensor,
  input: T,
  vector: unknown,
  watched: readonly Tensor[],
  seed: (output: Tensor, tape: Tape) => Tensor,
): { readonly value: Tensor; readonly grads: ByTensor; readonly products: ByTensor } {
  leavesOf(op, input); // which must be a tree
  const along = pair(op, input, vector);
  const tape = new Tape();
  try {
    for (const leaf of watched) tape.watch(leaf);
    const inner = (): ReturnType<typeof pullBackOf> =>
      pullBackOf(op, fn, input, (output) => seed(output, tape));
    const { value, grads } = withRecorder(tape, inner);
    const total = withRecorder(tape, () => innerProduct(op, grads, along));
    const products = gradientsOf(tape, watched, total, zerosLike(total).add(1));
    return { value, grads, products };
  } finally {
    tape.close();
  }
}

const kindOf = (x: Tensor): string => `${x.dtype} ${showShape(x.shape)}`;

/** Each tensor of a tree with that in the same place of `other`, of the same shape and dtype. */
function pair(op: string, tree: unknown, other: unknown): ByTensor {
  const pairs = new Map<Tensor, Tensor>();
  const add = (node: unknown, twin: unknown, path: string): void => {
    const leaf = node as Tensor;
    if (pairs.has(leaf)) return;
    if (!(twin instanceof Tensor && sameShape(twin.shape, leaf.shape) && twin.dtype === leaf.dtype)) {
      throw new ShapeError(
        `${op}: expected ${kindOf(leaf)} for ${path === '' ? 'the vector' : path}, got ${twin instanceof Tensor ? kindOf(twin) : describeValue(twin)}`,
      );
    }
    pairs.set(leaf, twin);
  };
  zipTree(op, tree, other, add, (node, twin) =>
    node instanceof Tensor ? null : [fieldsOf(node as object), twin],
  );
  return pairs;
}

/** Σ ⟨gradient, vector⟩ over all float leaves. */
function innerProduct(op: string, grads: ByTensor, along: ByTensor): Tensor {
  const terms = [...along].flatMap(([leaf, vector]) =>
    isFloat(leaf.dtype) ? grads.get(leaf)!.mul(vector).sum() : [],
  );
  if (terms.length === 0)
    throw new ShapeError(`${op}: expected at least one float tensor in the input, got none`);
  return terms.reduce((sum, term) => sum.add(term));
}
