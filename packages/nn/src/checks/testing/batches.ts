/** Selecting sequences of a batch, and joining them again. */
import { leavesOf, mapTree } from '@chronograd/autograd';
import { concat, type Tensor, zeros } from '@chronograd/tensor';
import { mapLeaves, stateLeaves } from '../../recurrent/state-leaves.ts';
import type { Drawn, Run } from './run.ts';

/** Sequences `ids` of inputs or outputs [T, B, …]. */
export const ofSequence = (x: Tensor, ids: readonly number[]): Tensor =>
  concat(
    ids.map((b) => x.slice(null, [b, b + 1])),
    1,
  );

/** Rows `ids` of a tensor of a state [B, …]. */
export const ofLeaf = (x: Tensor, ids: readonly number[]): Tensor =>
  concat(ids.map((b) => x.slice([b, b + 1])));

/** Rows `ids` of a state. */
export const ofState = (state: unknown, ids: readonly number[]): unknown =>
  mapLeaves(state, (leaf) => ofLeaf(leaf, ids));

/** Sequences `ids` of everything. @param length the first steps of them */
export function ofBatch(
  { cell, inputs, state, cotangents }: Drawn,
  ids: readonly number[],
  length?: number,
): Drawn {
  const select = (x: Tensor): Tensor => {
    const sequences = ofSequence(x, ids);
    return length === undefined ? sequences : sequences.slice([0, length]);
  };
  return {
    cell,
    inputs: select(inputs),
    state: ofState(state, ids),
    cotangents: { outputs: select(cotangents.outputs), state: ofState(cotangents.state, ids) },
  };
}

/** Runs of one sequence each as the run of a batch over `steps`: zeros follow shorter sequences. */
export function joinRuns(runs: readonly Run[], steps: number): Run {
  const alongTime = (parts: readonly Tensor[]): Tensor =>
    concat(
      parts.map((x) => {
        const rest = zeros([steps - x.shape[0]!, ...x.shape.slice(1)], { dtype: 'float64' });
        return concat([x, rest]);
      }),
      1,
    );
  const leaves = runs.map(({ state }) => stateLeaves(state));
  let next = 0;
  const gradients = joinTrees(
    runs.map((run) => run.gradients),
    (parts, path) => {
      // Gradients of the cell add up.
      if (path.startsWith('cell')) return parts.reduce((sum, part) => sum.add(part));
      return path === 'inputs' ? alongTime(parts) : concat(parts);
    },
  );
  return {
    outputs: alongTime(runs.map(({ outputs }) => outputs)),
    state: mapLeaves(runs[0]!.state, () => {
      const at = next++;
      return concat(leaves.map((each) => each[at]!.leaf));
    }),
    gradients: gradients as Run['gradients'],
  };
}

/** A tree in which each tensor is made of those at the same path of equal trees. */
export function joinTrees(
  trees: readonly object[],
  join: (parts: readonly Tensor[], path: string) => Tensor,
): unknown {
  const leaves = trees.map(
    (tree) => new Map(leavesOf('cellLaws', tree).map(({ path, leaf }) => [path, leaf])),
  );
  return mapTree('cellLaws', trees[0], (_, path) =>
    join(
      leaves.map((each) => each.get(path)!),
      path,
    ),
  );
}
