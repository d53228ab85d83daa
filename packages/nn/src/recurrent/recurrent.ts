/** Any cell over time: layers, directions, padding. */
import { stopGradient } from '@chronograd/autograd';
import {
  concat,
  type Parameter,
  type Random,
  ShapeError,
  stack,
  Tensor,
  ValueError,
} from '@chronograd/tensor';
import {
  checkOptions,
  inNameOf,
  type OptionKeys,
  requireTensor,
  showShape,
  showValue,
} from '@chronograd/tensor/engine';
import { layeredForm } from '../formats/state-dict/cell-forms.ts';
import type { StateForm } from '../formats/state-dict/form.ts';
import { probing } from '../internal/probing.ts';
import { requireBatch } from '../internal/require.ts';
import { Module } from '../module.ts';
import { Dropout } from '../modules/dropout.ts';
import {
  arranged,
  cellsOf,
  checkLayers,
  initialStates,
  layersOf,
  learnedStates,
  requireBatchAxis,
  statesOfLayers,
  withLearned,
} from './layers.ts';
import { sequenceOf, unroll } from './loop.ts';
import { type Padding, type PaddingOptions, paddingOf } from './padding.ts';
import { segmentLength, unrollInSegments } from './segments.ts';
import { mapState, requireState } from './state-leaves.ts';
import type { AnyCell, Layers, StatesOf, Unrolled } from './types.ts';

/** How a `Recurrent` runs its cells. */
export interface RecurrentOptions {
  /** Each element of what a layer gives to the next is dropped with this probability, in training mode. 0 unless named. */
  readonly dropout?: number;
  /** Where dropout's masks come from. */
  readonly random?: Random;
  /** Inputs and outputs are [B, T, …] in place of [T, B, …]; states are as ever. False unless named. */
  readonly batchFirst?: boolean;
  /** The initial states become parameters (`start`), one for each float tensor of the state and shared by the batch. False unless named. */
  readonly learnInitialState?: boolean;
  /**
   * Gradient checkpointing: where gradients are taken, steps are run in segments of this length (true: √T), of which the backward pass runs each
   * again. What the steps compute on the way takes the memory of one segment in place of T steps, and the same bits come out, for about one
   * more forward pass of time. Inputs, their projection and outputs are kept. False unless named.
   */
  readonly checkpoint?: boolean | number;
}

export const RECURRENT: OptionKeys<RecurrentOptions> = {
  dropout: true,
  random: true,
  batchFirst: true,
  learnInitialState: true,
  checkpoint: true,
};

/**
 * Cells run over time: one, or layers of them, each in one direction or both. The state has the arrangement of the cells: of one cell its
 * own state, of `[a, b]` a pair of states, of `[[f0, b0], [f1, b1]]` two pairs. A backward cell runs from the last step to the first, and
 * its output at each step stands behind the forward one's: [T, B, Hf + Hb].
 *
 * For truncated BPTT call it window by window, and pass the state that one window returns to the next: what a differentiated function
 * returns carries no gradient further back.
 * @example
 * new Recurrent(new LSTMCell(65, 128, { random }));
 * new Recurrent([new GRUCell(65, 128, { random }), new LSTMCell(128, 64, { random })], { dropout: 0.2, random });
 */
export class Recurrent<const C extends Layers> extends Module {
  /** What was given: a cell, or layers. Parameters are named `cell.weightHh`, `cell.0.weightHh`, `cell.0.1.weightHh`. */
  readonly cell: C;
  readonly dropout: Dropout | null;
  readonly batchFirst: boolean;
  /** Learned initial states, in the order of the state's leaves; each has a batch of 1. */
  readonly start: readonly Parameter[] | null;
  readonly checkpoint: boolean | number;

  /** @throws ValueError for what is no cell, or for dropout without a layer to come after, or without `random`. */
  constructor(cell: C, options: RecurrentOptions = {}) {
    super();
    checkLayers(cell);
    checkOptions('Recurrent', options, RECURRENT);
    const {
      dropout = 0,
      random,
      batchFirst = false,
      learnInitialState = false,
      checkpoint = false,
    } = options;
    this.cell = cell;
    this.dropout = dropoutBetween(layersOf(cell).length, dropout, random);
    this.batchFirst = batchFirst;
    this.start = learnInitialState ? learnedStates(cell) : null;
    if (typeof checkpoint !== 'boolean' && !(Number.isInteger(checkpoint) && checkpoint > 0)) {
      throw new ValueError(
        `Recurrent: checkpoint ${showValue(checkpoint)} came, true or a segment length, a whole number from 1 on, was expected`,
      );
    }
    this.checkpoint = checkpoint;
  }

  /** The states before the first step, for a batch of `batch` streams. Learned ones get gradients inside a differentiated function only. */
  initialState(batch: number): StatesOf<C> {
    requireBatch('Recurrent', batch);
    const states = initialStates(this.cell, batch);
    return (this.start === null ? states : withLearned(states, this.start)) as StatesOf<C>;
  }

  override stateForm(): StateForm {
    return layeredForm(this.cell);
  }

  /**
   * @param inputs shape [T, B, F], T ≥ 1; or int32 indices [T, B], standing for one-hot vectors.
   * @param state before the first step (of a backward cell: before the last one); the initial state unless given.
   * @param padding which steps are real. A padded step changes no state and gets no gradient, whatever stands in it, and its output is 0; a
   * backward cell begins at each sequence's last real step.
   * @returns the last layer's outputs, and the state of every cell after its last step.
   * @throws ShapeError for inputs of another rank, or without a step. @throws ValueError for a state of another arrangement, or of class instances,
   * and for a cell whose step returns something else than `{ output, state }`.
   */
  forward(inputs: Tensor, state?: StatesOf<C>, padding: PaddingOptions = {}): Unrolled<StatesOf<C>> {
    const { batchFirst, cell } = this;
    const [steps, batch] = checkInputs('Recurrent', inputs, batchFirst);
    // Steps that run again would be seen twice; without segments the same bits come out.
    const length = segmentLength(probing === null && this.checkpoint, steps);
    const real = paddingOf(padding, steps, batch, batchFirst);
    if (real !== null) requireBatchAxis(cell);
    const before = statesOfLayers(cell, state ?? this.initialState(batch));
    layersOf(cell).forEach((layer, l) => {
      cellsOf(layer).forEach((each, d) => void requireState(each, before[l]![d]));
    });
    let x = batchFirst ? inputs.transpose(0, 1) : inputs;
    const after = layersOf(cell).map((layer, l) => {
      if (l > 0 && this.dropout !== null) x = this.dropout.forward(x);
      const runs = cellsOf(layer).map((each, d) => runOver(each, x, before[l]![d], real, d === 1, length));
      x =
        runs.length === 1
          ? runs[0]!.outputs
          : concat(
              runs.map((run) => run.outputs),
              -1,
            );
      return runs.map((run) => run.state);
    });
    return { outputs: batchFirst ? x.transpose(0, 1) : x, state: arranged(cell, after) as StatesOf<C> };
  }
}

function runOver(
  cell: AnyCell,
  inputs: Tensor,
  state: unknown,
  padding: Padding | null,
  reverse: boolean,
  length: number | null,
): Unrolled<unknown> {
  const sequence = sequenceOf(cell, inputs, padding, reverse);
  const begin =
    padding === null ? null : mapState(state, (leaf) => (leaf instanceof Tensor ? stopGradient(leaf) : leaf));
  const stretch = { sequence, start: 0, padding, reverse, begin };
  if (length !== null) return unrollInSegments(cell, stretch, state, length);
  const run = unroll(cell, stretch, state);
  return { outputs: stack(run.outputs), state: run.state };
}

/** T and B of what a `Recurrent` reads. @throws ShapeError where they are not there. */
export function checkInputs(op: string, inputs: Tensor, batchFirst: boolean): [steps: number, batch: number] {
  const [first, second] = requireTensor(op, inputs).shape;
  const [steps, batch] = batchFirst ? [second, first] : [first, second];
  // Floats without a batch would be taken for a batch of F, and broadcast.
  const fits = inputs.rank >= (inputs.dtype === 'int32' ? 2 : 3);
  if (fits && steps !== undefined && batch !== undefined && steps > 0) return [steps, batch];
  const [axes, cure] = batchFirst ? ['B, T', 'x.unsqueeze(0)'] : ['T, B', 'x.unsqueeze(1)'];
  throw new ShapeError(
    `${op}: inputs ${inputs.dtype} ${showShape(inputs.shape)} came, [${axes}, F] with at least one step, or int32 [${axes}], was expected; where there is no batch, ${cure} makes one of 1`,
  );
}

function dropoutBetween(layers: number, p: number, random: Random | undefined): Dropout | null {
  if (p === 0) return null;
  if (layers === 1) {
    throw new ValueError(
      `Recurrent: dropout ${showValue(p)} came with one layer, but it acts between layers; give it more, or put a Dropout behind it`,
    );
  }
  if (random === undefined)
    throw new ValueError(
      `Recurrent: dropout ${showValue(p)} came without { random }, where its masks come from`,
    );
  return inNameOf('Recurrent', () => new Dropout(p, { random }));
}
