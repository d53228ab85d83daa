/** One gradient computation: a function runs on a tape, and its result is pulled back. */
import { type Tensor, zerosLike } from '@chronograd/tensor';
import { refusePromise, withRecorder } from '@chronograd/tensor/engine';
import { Tape } from './tape.ts';

/**
 * Runs `run` on a new tape and walks back from its result.
 * @param leaves the tensors whose gradients are computed.
 * @param start the tensor to walk back from, and its cotangent.
 * @returns gradients by leaf; zeros for one that the result does not depend on.
 */
export function pullBack<R>(
  leaves: readonly Tensor[],
  run: () => R,
  start: (result: R) => readonly [output: Tensor, cotangent: Tensor],
): { readonly result: R; readonly output: Tensor; readonly grads: ReadonlyMap<Tensor, Tensor> } {
  const tape = new Tape();
  try {
    for (const leaf of leaves) tape.watch(leaf);
    const result = refusePromise(withRecorder(tape, run));
    const [output, cotangent] = start(result);
    return { result, output, grads: gradientsOf(tape, leaves, output, cotangent) };
  } finally {
    tape.close();
  }
}

/** Walks back on a tape. */
export function gradientsOf(
  tape: Tape,
  leaves: readonly Tensor[],
  output: Tensor,
  cotangent: Tensor,
): ReadonlyMap<Tensor, Tensor> {
  const sums = tape.backward(output, cotangent, leaves);
  return new Map(leaves.map((leaf, i) => [leaf, sums[i] ?? zerosLike(leaf)]));
}
