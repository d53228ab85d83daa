/** Streams of a batch do not meet. */
import { leavesOf, mapTree } from '@chronograd/autograd';
import { concat, stack } from '@chronograd/tensor';
import { ROUNDING, requireSameGradients, requireSameResults, type Sides } from '../agree.ts';
import { joined, ofCotangents, ofLeaf, ofSequence, ofState } from '../batches.ts';
import type { Law } from '../law.ts';
import { cotangentsFor, differentiate, forward, type Run } from '../run.ts';

const CURE =
  'streams of a batch must not meet: sum, mean or normalize over the last axis (-1) only, reshape so that [B, …] stays in front, and keep B out of the formulas';

export const batch: Law = {
  id: 'batch',
  name: 'A batch equals its streams run one by one',
  atLeast: { batch: 2 },
  check: (trial) => {
    const cell = trial.cell();
    const inputs = trial.inputs();
    const state = trial.state(cell);
    const cotangents = cotangentsFor(trial, forward(cell, inputs, state));
    const together = differentiate(cell, inputs, state, cotangents);
    const alone = Array.from({ length: trial.sizes.batch }, (_, b) => {
      const ids = [b];
      return differentiate(cell, ofSequence(inputs, ids), ofState(state, ids), ofCotangents(cotangents, ids));
    });
    const sides: Sides = { left: 'in a batch', right: 'alone', cure: CURE };
    const outputs = concat(
      alone.map((run) => run.outputs),
      1,
    );
    requireSameResults(together, { outputs, state: joined(alone.map((run) => run.state)) }, ROUNDING, sides);
    requireSameGradients(together.gradients, summed(alone), ROUNDING, sides, {
      blocks: cell.blocks(),
      steps: ['inputs'],
    });
  },
};

/** Gradients of single streams: of the cell they add up, of inputs and states they stand side by side. */
function summed(runs: readonly Run[]): unknown {
  const leaves = runs.map(
    ({ gradients }) => new Map(leavesOf('cellLaws', gradients).map(({ path, leaf }) => [path, leaf])),
  );
  return mapTree('cellLaws', runs[0]!.gradients, (_, path) => {
    const parts = leaves.map((each) => each.get(path)!);
    if (path.startsWith('cell')) return stack(parts).sum(0);
    return concat(parts, path === 'inputs' ? 1 : 0);
  });
}

export const permutation: Law = {
  id: 'permutation',
  name: 'The order of the streams in a batch does not matter',
  atLeast: { batch: 2 },
  check: (trial) => {
    const cell = trial.cell();
    const inputs = trial.inputs();
    const state = trial.state(cell);
    const cotangents = cotangentsFor(trial, forward(cell, inputs, state));
    const { batch } = trial.sizes;
    const turn = 1 + trial.pick(batch - 1);
    const ids = Array.from({ length: batch }, (_, b) => (b + turn) % batch);
    const first = differentiate(cell, inputs, state, cotangents);
    const turned = differentiate(
      cell,
      ofSequence(inputs, ids),
      ofState(state, ids),
      ofCotangents(cotangents, ids),
    );
    const sides: Sides = {
      left: 'in order',
      right: `with the streams in the order ${ids.join(', ')}`,
      cure: CURE,
    };
    const expected = { outputs: ofSequence(first.outputs, ids), state: ofState(first.state, ids) };
    requireSameResults(expected, turned, ROUNDING, sides);
    const gradients = mapTree('cellLaws', first.gradients, (leaf, path) =>
      path.startsWith('cell') ? leaf : path === 'inputs' ? ofSequence(leaf, ids) : ofLeaf(leaf, ids),
    );
    requireSameGradients(gradients, turned.gradients, ROUNDING, sides, {
      blocks: cell.blocks(),
      steps: ['inputs'],
    });
  },
};
