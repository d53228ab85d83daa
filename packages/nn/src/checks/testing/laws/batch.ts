/** Streams of a batch are independent. */
import { mapTree } from '@chronograd/autograd';
import { ROUNDING, requireSameRuns, type Sides } from '../agree.ts';
import { joinRuns, ofBatch, ofLeaf, ofSequence, ofState } from '../batches.ts';
import type { Law } from '../law.ts';
import { differentiate, draw, type Run } from '../run.ts';

const CURE =
  'streams of a batch must not mix: sum, mean or normalize over the last axis (-1) only, reshape so that [B, …] stays in front, and keep B out of the formulas';

export const batch: Law = {
  id: 'batch',
  name: 'A batch equals its streams run one by one',
  atLeast: { batch: 2 },
  check: (testCase) => {
    const drawn = draw(testCase);
    const { steps, batch } = testCase.sizes;
    const together = differentiate(drawn);
    const alone = Array.from({ length: batch }, (_, b) => differentiate(ofBatch(drawn, [b])));
    const sides: Sides = { left: 'in a batch', right: 'alone', cure: CURE };
    requireSameRuns(drawn.cell, together, joinRuns(alone, steps), ROUNDING, sides);
  },
};

export const permutation: Law = {
  id: 'permutation',
  name: 'The order of the streams in a batch does not matter',
  atLeast: { batch: 2 },
  check: (testCase) => {
    const drawn = draw(testCase);
    const { batch } = testCase.sizes;
    const turn = 1 + testCase.pick(batch - 1);
    const ids = Array.from({ length: batch }, (_, b) => (b + turn) % batch);
    const first = differentiate(drawn);
    const permuted = differentiate(ofBatch(drawn, ids));
    const gradients = mapTree('cellLaws', first.gradients, (leaf, path) =>
      path.startsWith('cell') ? leaf : path === 'inputs' ? ofSequence(leaf, ids) : ofLeaf(leaf, ids),
    ) as Run['gradients'];
    const expected = {
      outputs: ofSequence(first.outputs, ids),
      state: ofState(first.state, ids),
      gradients,
    };
    requireSameRuns(drawn.cell, expected, permuted, ROUNDING, {
      left: 'in order',
      right: `with the streams in the order ${ids.join(', ')}`,
      cure: CURE,
    });
  },
};
