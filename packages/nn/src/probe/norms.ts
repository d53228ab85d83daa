/** Norms of trees of tensors, such as gradients and parameters during training. */
import { leavesOf } from '@chronograd/autograd';
import type { Tensor } from '@chronograd/tensor';

/**
 * √(Σ x²) of each tensor of a tree, by path: of gradients, or of the parameters of a model. Squares
 * neither overflow nor underflow. NaN or infinity if the tensor holds any.
 * @param tree a module (without frozen parameters), a tensor, or arrays and objects of them.
 * @example
 * const { value, grads } = lossAndGrads(x, y);
 * history.push({ loss: value.item(), gradients: normsOf(grads), weights: normsOf(model) });
 */
export function normsOf(tree: unknown): Readonly<Record<string, number>> {
  return Object.fromEntries(leavesOf('normsOf', tree).map(({ path, leaf }) => [path, normOf(leaf)]));
}

/** √(Σ x²) of one tensor. */
export function normOf(x: Tensor): number {
  return norm(x.toTypedArray());
}

/** √(Σ x²), scaled by the largest element. */
export function norm(values: ArrayLike<number>): number {
  let largest = 0;
  // Math.max keeps NaN.
  for (let i = 0; i < values.length; i++) largest = Math.max(largest, Math.abs(values[i]!));
  if (largest === 0 || !Number.isFinite(largest)) return largest;
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += (values[i]! / largest) ** 2;
  return largest * Math.sqrt(sum);
}
