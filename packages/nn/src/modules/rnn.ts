/** The stacked simple recurrent network. */
import type { Tensor } from '@chronograd/tensor';
import { inNameOf, type OptionKeys } from '@chronograd/tensor/engine';
import { RNN_CELL, RNNCell, type RNNCellOptions } from '../cells/rnn.ts';
import type { StateForm } from '../formats/state-dict/form.ts';
import { pick } from '../internal/options.ts';
import { requireBatch } from '../internal/require.ts';
import { Module } from '../module.ts';
import type { PaddingOptions } from '../recurrent/padding.ts';
import { RECURRENT, Recurrent } from '../recurrent/recurrent.ts';
import type { Unrolled } from '../recurrent/types.ts';
import { requireLayer } from './linear.ts';
import {
  checkStacked,
  STACK,
  type StackLayer,
  type StackOptions,
  stackOf,
  stackStates,
  unstackStates,
} from './stack.ts';

/** Options of the cells, and how they are stacked. */
export type RNNOptions = RNNCellOptions & StackOptions;

const OPTIONS: OptionKeys<RNNOptions> = { ...RNN_CELL, ...STACK };

/**
 * Simple recurrent cells in layers and directions, as PyTorch's `nn.RNN`: a `Recurrent` whose state is one tensor [L·D, B, H], layer by layer and forward
 * before backward.
 * @example new RNN(65, 128, { layers: 2, bidirectional: true, dropout: 0.2, random })
 */
export class RNN extends Module {
  readonly recurrent: Recurrent<readonly StackLayer<RNNCell>[]>;

  /** @throws ValueError for options that the cell or `Recurrent` does not take. */
  constructor(inputSize: number, hiddenSize: number, options: RNNOptions) {
    super();
    requireLayer('RNN', { inputSize, hiddenSize }, options, OPTIONS);
    const cellOptions = pick<RNNCellOptions>(options, RNN_CELL);
    const make = (size: number): RNNCell => new RNNCell(size, hiddenSize, cellOptions);
    this.recurrent = inNameOf(
      'RNN',
      () => new Recurrent(stackOf('RNN', options, inputSize, hiddenSize, make), pick(options, RECURRENT)),
    );
  }

  /** The state before the first step, for a batch of `batch` streams. */
  initialState(batch: number): Tensor {
    requireBatch('RNN', batch);
    return stackStates(this.recurrent.initialState(batch), (h) => h);
  }

  override stateForm(): StateForm {
    return { names: { recurrent: '*' } };
  }

  /** As `Recurrent.forward`. @throws ShapeError for a state that has not one part for each layer and direction. */
  forward(inputs: Tensor, state?: Tensor, padding?: PaddingOptions): Unrolled<Tensor> {
    const { recurrent } = this;
    if (state !== undefined) checkStacked('RNN', 'state', state, recurrent.cell);
    const before = state === undefined ? undefined : unstackStates(recurrent.cell, (k) => state.select(k));
    const run = inNameOf('RNN', () => recurrent.forward(inputs, before, padding));
    return { outputs: run.outputs, state: stackStates(run.state, (h) => h) };
  }
}
