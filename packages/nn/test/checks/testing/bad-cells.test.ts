import { expect, test } from 'vitest';
import {
  type CellLawOptions,
  cellLaws,
  type LawId,
  type MakeCell,
} from '../../../src/checks/testing/index.ts';
import { type Cell, LSTMCell, RNNCell } from '../../../src/index.ts';
import {
  Averaging,
  batchless,
  byPlace,
  Counting,
  centred,
  cut,
  detached,
  Forgetful,
  Hiding,
  LooksAhead,
  madeOf,
  NanAlone,
  NarrowState,
  nanInBatch,
  OneState,
  OtherState,
  rounded,
  Shared,
  TwoWays,
  Unseeded,
  Unused,
  Writing,
} from './bad-cells.ts';
import { failure } from './failure.ts';
import { lstmBackward } from './wrong-cells.ts';

/** A cell that breaks a law, and what the report says of it. */
interface BadCell {
  readonly law: LawId;
  readonly what: string;
  readonly check: () => void;
  readonly says: RegExp;
}

function bad<C extends Cell<unknown>>(
  law: LawId,
  what: string,
  make: MakeCell<C>,
  says: RegExp,
  options: CellLawOptions<C> = {},
): BadCell {
  const { check } = cellLaws(make, options).find(({ id }) => id === law)!;
  return { law, what, check, says };
}

/** So small that there is little to shrink. */
const small = { steps: 1, batch: 1, inputSize: 1, hiddenSize: 1 };

const badCells: readonly BadCell[] = [
  bad(
    'shapes',
    'one initial state for all streams',
    madeOf(OneState),
    /the initial state has shape \[1, 1\], its axis 0 must be the batch, 2/,
  ),
  bad(
    'shapes',
    'float32 states in a float64 cell',
    madeOf(NarrowState),
    /the initial state.h is float32 where .* float64/,
  ),
  bad(
    'shapes',
    'a state with a part left out',
    madeOf(OtherState),
    /initialState\(1\) gives state.c .*; step returns state.h float64 \[1, 1\]$/,
  ),
  bad('shapes', 'outputs without a batch', batchless, /the output for x \[1, 1\] has shape \[2\]/),
  bad(
    'determinism',
    'initial values from another source',
    madeOf(Unseeded),
    /initial values of cell.biasHh at unit 0/,
  ),
  bad(
    'determinism',
    'a count of steps in a field',
    madeOf(Counting),
    /outputs at step 0, stream 0, unit 0: first .*, later/,
  ),
  bad(
    'determinism',
    'a step that writes into weights',
    madeOf(Writing),
    /outputs at|cell.biasHh changed by a run/,
  ),
  bad('gradients', 'a state that is detached', detached, /states at step 0.*autograd/, { largest: small }),
  bad(
    'second order',
    'a backward that is cut from its inputs',
    cut,
    /second-order gradient with respect to/,
    { largest: small },
  ),
  bad('every parameter', 'a parameter that is not used', madeOf(Unused), /^cell.gain receives no gradient/),
  bad(
    'every parameter',
    'a parameter in a private field',
    madeOf(Hiding),
    /^the cell computes with parameters that it does not expose, so they would not be trained: a Parameter \[\d\], used by mul \(time step 0\)$/,
  ),
  bad(
    'final state',
    'a part of the state that is constant',
    madeOf(Forgetful),
    /final state.c depends on no parameter/,
  ),
  bad('batch', 'a mean over the batch', centred, /outputs at step 0, stream 0, unit 0: in a batch .*, alone/),
  bad('batch', 'a state that is a mean over the batch', madeOf(Averaging), /^the final state.c at stream 0/),
  bad(
    'batch',
    'NaN where there are several streams',
    nanInBatch,
    /^the output is NaN at step 0: no op made it/,
  ),
  bad(
    'permutation',
    'streams that are weighted by their place',
    byPlace,
    /with the streams in the order 1, 0/,
  ),
  bad(
    'split',
    'a projection that looks at the whole sequence',
    madeOf(LooksAhead),
    /outputs at step 0, stream 0, unit 0: whole .*, cut after 1 of 2 steps/,
  ),
  bad(
    'projection',
    'a step that is not advance of project',
    madeOf(TwoWays),
    /outputs at .* by project and advance .*, by step/,
  ),
  bad(
    'projection',
    'a projection of single steps that is NaN',
    madeOf(NanAlone),
    /projections at step 0, stream 0, unit 0: all steps at once .*, step by step NaN/,
  ),
  bad('padding', 'a projection that sees the padding', madeOf(LooksAhead), /padded in a batch/),
  bad(
    'reversal',
    'a memory that all cells share',
    madeOf(Shared),
    /as the backward direction .*, forward on the reversed/,
  ),
  bad('float32', 'a large number added and taken away', rounded, /float64 .*, float32/),
  bad(
    'backward',
    'a state taken for zeros at step 0',
    madeOf(LSTMCell),
    /^the gradient of cell.weight.h at gate f, row 0, column 0/,
    { backward: lstmBackward },
  ),
  bad('backward', 'a gradient by hand that is missing', madeOf(RNNCell), /cell.weightIh: missing in manual/, {
    backward: () => ({ cell: {} }),
  }),
];

for (const { law, what, check, says } of badCells) {
  test(`The law of ${law} is broken by ${what}, and says so`, () => {
    const { broken } = failure(check).report.laws[0]!;
    expect(broken!.what).toMatch(says);
    expect(broken!.cure.length).toBeGreaterThan(40);
  });
}

test('Every law has a cell that breaks it', () => {
  const all = cellLaws(
    ({ inputSize, hiddenSize, ...options }) => new RNNCell(inputSize, hiddenSize, options),
    {
      backward: () => ({ cell: {} }),
    },
  );
  expect([...new Set(badCells.map(({ law }) => law))].sort()).toEqual(all.map(({ id }) => id).sort());
});
