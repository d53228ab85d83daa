/** What `Recurrent` does around a cell: padded steps, and the backward direction. */
import { concat, full, isFloat, type Tensor, tensor } from '@chronograd/tensor';
import type { PaddingOptions } from '../../../recurrent/padding.ts';
import { Recurrent } from '../../../recurrent/recurrent.ts';
import { ROUNDING, requireSameRuns } from '../agree.ts';
import { joinRuns, ofBatch, ofSequence } from '../batches.ts';
import type { Law } from '../law.ts';
import { differentiate, draw, forward } from '../run.ts';
import type { TestCase } from '../test-case.ts';

export const padding: Law = {
  id: 'padding',
  name: 'Padded steps change nothing, not even when they hold NaN',
  atLeast: { steps: 2 },
  check: (testCase) => {
    const drawn = draw(testCase);
    const { cell } = drawn;
    const { steps, batch } = testCase.sizes;
    // The first stream is always padded.
    const lengths = Array.from(
      { length: batch },
      (_, b) => 1 + testCase.pick(b === 0 ? steps - 1 : steps, b),
    );
    const withPadding = { ...drawn, inputs: withNaN(drawn.inputs, lengths) };
    const padded = differentiate(withPadding, (cell, inputs, state) =>
      new Recurrent(cell).forward(inputs, state, paddingOf(testCase, lengths)),
    );
    const alone = lengths.map((length, b) => differentiate(ofBatch(drawn, [b], length)));
    requireSameRuns(cell, padded, joinRuns(alone, steps), ROUNDING, {
      left: 'padded in a batch',
      right: 'alone, without padding',
      cure: 'streams must not mix, and only the returned state may be remembered: `Recurrent` can undo a padded step only in outputs and state',
    });
  },
};

/** Lengths or the equivalent mask. */
function paddingOf(testCase: TestCase, lengths: readonly number[]): PaddingOptions {
  if (testCase.pick(2) === 0) return { lengths };
  const rows = Array.from({ length: testCase.sizes.steps }, (_, t) =>
    lengths.map((length) => (t < length ? 1 : 0)),
  );
  return { mask: tensor(rows) };
}

/** An index in padded steps of int32 inputs that is invalid for any cell. */
const NO_INDEX = 2 ** 30;

/** The inputs with NaN after the end of each stream. */
function withNaN(inputs: Tensor, lengths: readonly number[]): Tensor {
  const streams = lengths.map((length, b) => {
    const stream = ofSequence(inputs, [b]);
    const value = isFloat(inputs.dtype) ? Number.NaN : NO_INDEX;
    const rest = full(stream.slice([length]).shape, value, { dtype: inputs.dtype });
    return concat([stream.slice([0, length]), rest]);
  });
  return concat(streams, 1);
}

export const reversal: Law = {
  id: 'reversal',
  name: 'As the backward direction it equals itself on the reversed sequence',
  check: (testCase) => {
    const front = testCase.cell();
    const drawn = draw(testCase);
    const units = drawn.cotangents.outputs.shape.at(-1)!;
    const asDirection = differentiate(drawn, (cell, inputs, state) => {
      const both = new Recurrent([[front, cell]]).forward(inputs, [[testCase.state(front), state]]);
      const [, outputs] = both.outputs.split([units, units], -1) as [Tensor, Tensor];
      return { outputs, state: both.state[0]![1] };
    });
    const onReversed = differentiate(drawn, (cell, inputs, state) => {
      const run = forward(cell, inputs.flip(0), state);
      return { outputs: run.outputs.flip(0), state: run.state };
    });
    requireSameRuns(drawn.cell, asDirection, onReversed, 0, {
      left: 'as the backward direction',
      right: 'forward on the reversed sequence, reversed back',
      cure: 'cells of both directions, and consecutive runs, must not share anything that changes: no fields, no variables outside the class',
    });
  },
};
