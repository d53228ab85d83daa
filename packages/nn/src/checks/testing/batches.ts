/** Taking streams out of a batch, and putting them together again. */
import { concat, type Tensor } from '@chronograd/tensor';
import { mapLeaves, stateLeaves } from '../../recurrent/state-leaves.ts';
import type { Cotangents } from './run.ts';

/** The streams `ids` of inputs or outputs [T, B, …]. */
export const ofSequence = (x: Tensor, ids: readonly number[]): Tensor =>
  concat(
    ids.map((b) => x.slice(null, [b, b + 1])),
    1,
  );

/** The streams `ids` of a part of a state [B, …]. */
export const ofLeaf = (x: Tensor, ids: readonly number[]): Tensor =>
  concat(ids.map((b) => x.slice([b, b + 1])));

/** The streams `ids` of a state. */
export const ofState = (state: unknown, ids: readonly number[]): unknown =>
  mapLeaves(state, (leaf) => ofLeaf(leaf, ids));

/** The streams `ids` of cotangents. */
export const ofCotangents = ({ outputs, state }: Cotangents, ids: readonly number[]): Cotangents => ({
  outputs: ofSequence(outputs, ids),
  state: ofState(state, ids),
});

/** States of single streams as one of a batch. */
export function joined(states: readonly unknown[]): unknown {
  const leaves = states.map((state) => stateLeaves(state));
  let next = 0;
  return mapLeaves(states[0], () => {
    const at = next++;
    return concat(leaves.map((each) => each[at]!.leaf));
  });
}
