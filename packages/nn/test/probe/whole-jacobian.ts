/** The reference for Jacobians: autograd through the whole sequence. */
import { vjp } from '@chronograd/autograd';
import { concat, eye, isFloat, Tensor } from '@chronograd/tensor';
import type { Recurrent } from '../../src/index.ts';
import { leaves } from '../recurrent/problems.ts';

/** √(Σ of all squares). */
export const frobenius = (values: ArrayLike<number>): number =>
  Math.sqrt(Array.from(values).reduce((sum, each) => sum + each * each, 0));

/** The Jacobian of the final state by the initial one, row by row through the whole sequence. */
export function wholeJacobian(recurrent: Recurrent<never>, x: Tensor, start: unknown): Tensor {
  // A tensor in two places would get both gradients.
  const floats = (state: unknown): Tensor[] => leaves(state).filter(({ dtype }) => isFloat(dtype));
  const tensors = floats(start).map((each) => each.add(0));
  const flat = (of: readonly Tensor[]): Tensor =>
    concat(
      of.map((each) => each.reshape([each.shape[0]!, -1])),
      1,
    );
  const [B, size] = flat(tensors).shape as [number, number];
  const rebuilt = (node: unknown, next: () => Tensor): unknown => {
    if (node instanceof Tensor) return isFloat(node.dtype) ? next() : node;
    if (Array.isArray(node)) return node.map((each) => rebuilt(each, next));
    if (typeof node !== 'object' || node === null) return node;
    return Object.fromEntries(Object.entries(node).map(([key, each]) => [key, rebuilt(each, next)]));
  };
  const rows = Array.from({ length: size }, (_, i) => {
    const { grads } = vjp(
      (given: readonly Tensor[]) => {
        let at = 0;
        const state = rebuilt(start, () => given[at++]!);
        return flat(floats(recurrent.forward(x, state as never).state));
      },
      tensors,
      eye(size, { dtype: 'float64' })
        .slice([i, i + 1])
        .expand([B, size]),
    );
    return flat(grads).unsqueeze(1);
  });
  return concat(rows, 1);
}
