/** What `Recurrent` does around a cell: padded steps, and the backward direction. */
import { leavesOf, mapTree } from '@chronograd/autograd';
import { concat, full, isFloat, type Tensor, tensor, zeros } from '@chronograd/tensor';
import type { PaddingOptions } from '../../../recurrent/padding.ts';
import { Recurrent } from '../../../recurrent/recurrent.ts';
import { ROUNDING, requireSameGradients, requireSameResults, type Sides } from '../agree.ts';
import { joined, ofSequence, ofState } from '../batches.ts';
import type { Law } from '../law.ts';
import { cotangentsFor, differentiate, forward, type Run } from '../run.ts';
import type { Trial } from '../trial.ts';

export const padding: Law = {
  id: 'padding',
  name: 'Padded steps change nothing, not even when they hold NaN',
  atLeast: { steps: 2 },
  check: (trial) => {
    const cell = trial.cell();
    const inputs = trial.inputs();
    const state = trial.state(cell);
    const { steps, batch } = trial.sizes;
    // The first stream is always padded.
    const lengths = Array.from({ length: batch }, (_, b) => 1 + trial.pick(b === 0 ? steps - 1 : steps, b));
    const cotangents = cotangentsFor(trial, forward(cell, inputs, state));
    const padded = differentiate(cell, withNaN(inputs, lengths), state, cotangents, (cell, inputs, state) =>
      new Recurrent(cell).forward(inputs, state, paddingOf(trial, lengths)),
    );
    const alone = lengths.map((length, b) => {
      const [x, dy] = [inputs, cotangents.outputs].map((all) => ofSequence(all, [b]).slice([0, length]));
      return differentiate(cell, x!, ofState(state, [b]), {
        outputs: dy!,
        state: ofState(cotangents.state, [b]),
      });
    });
    const sides: Sides = {
      left: 'padded in a batch',
      right: 'alone, without padding',
      cure: 'streams must not meet, and nothing but the returned state may be remembered: `Recurrent` can only undo a padded step in outputs and state',
    };
    const expected = {
      outputs: concat(
        alone.map(({ outputs }) => lengthened(outputs, steps)),
        1,
      ),
      state: joined(alone.map((run) => run.state)),
    };
    requireSameResults(padded, expected, ROUNDING, sides);
    requireSameGradients(padded.gradients, summed(alone, steps), ROUNDING, sides, {
      blocks: cell.blocks(),
      steps: ['inputs'],
    });
  },
};

/** By lengths or by a mask, which say the same. */
function paddingOf(trial: Trial, lengths: readonly number[]): PaddingOptions {
  if (trial.pick(2) === 0) return { lengths };
  const rows = Array.from({ length: trial.sizes.steps }, (_, t) =>
    lengths.map((length) => (t < length ? 1 : 0)),
  );
  return { mask: tensor(rows) };
}

/** Stands in padded steps of int32 inputs: an index that no cell has. */
const NO_INDEX = 2 ** 30;

/** The inputs with NaN after the end of each stream. */
function withNaN(inputs: Tensor, lengths: readonly number[]): Tensor {
  const streams = lengths.map((length, b) => {
    const stream = ofSequence(inputs, [b]);
    const nothing = full(stream.slice([length]).shape, isFloat(inputs.dtype) ? Number.NaN : NO_INDEX, {
      dtype: inputs.dtype,
    });
    return concat([stream.slice([0, length]), nothing]);
  });
  return concat(streams, 1);
}

/** Zeros behind the end. */
function lengthened(x: Tensor, steps: number): Tensor {
  return concat([x, zeros([steps - x.shape[0]!, ...x.shape.slice(1)], { dtype: 'float64' })]);
}

function summed(runs: readonly Run[], steps: number): unknown {
  const leaves = runs.map(
    ({ gradients }) => new Map(leavesOf('cellLaws', gradients).map(({ path, leaf }) => [path, leaf])),
  );
  return mapTree('cellLaws', runs[0]!.gradients, (_, path) => {
    const parts = leaves.map((each) => each.get(path)!);
    if (path.startsWith('cell')) return parts.reduce((sum, part) => sum.add(part));
    if (path !== 'inputs') return concat(parts);
    return concat(
      parts.map((part) => lengthened(part, steps)),
      1,
    );
  });
}

export const reversal: Law = {
  id: 'reversal',
  name: 'As the backward direction it equals itself on the reversed sequence',
  check: (trial) => {
    const front = trial.cell();
    const back = trial.cell();
    const inputs = trial.inputs();
    const state = trial.state(back);
    const cotangents = cotangentsFor(trial, forward(back, inputs, state));
    const units = cotangents.outputs.shape.at(-1)!;
    const asDirection = differentiate(back, inputs, state, cotangents, (cell, inputs, state) => {
      const both = new Recurrent([[front, cell]]).forward(inputs, [[trial.state(front), state]]);
      const [, outputs] = both.outputs.split([units, units], -1) as [Tensor, Tensor];
      return { outputs, state: both.state[0]![1] };
    });
    const onReversed = differentiate(back, inputs, state, cotangents, (cell, inputs, state) => {
      const run = forward(cell, inputs.flip(0), state);
      return { outputs: run.outputs.flip(0), state: run.state };
    });
    const sides: Sides = {
      left: 'as the backward direction',
      right: 'forward on the reversed sequence, reversed back',
      cure: 'cells of both directions, and runs one after the other, must not share anything that changes: no fields, no variables outside of the class',
    };
    requireSameResults(asDirection, onReversed, 0, sides);
    requireSameGradients(asDirection.gradients, onReversed.gradients, ROUNDING, sides, {
      blocks: back.blocks(),
      steps: ['inputs'],
    });
  },
};
