/** Stacked long short-term memory. */
import { type Tensor, ValueError } from '@chronograd/tensor';
import { inNameOf, type OptionKeys } from '@chronograd/tensor/engine';
import { LSTM_CELL, LSTMCell, type LSTMCellOptions, type LSTMState } from '../cells/lstm.ts';
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
export type LSTMOptions = LSTMCellOptions & StackOptions;

const OPTIONS: OptionKeys<LSTMOptions> = { ...LSTM_CELL, ...STACK };

/**
 * LSTM cells in layers and directions, as PyTorch's `nn.LSTM`: a `Recurrent` whose state is { h [L·D, B, H], c [L·D, B, H] }, layer by layer and
 * forward before backward (h has [L·D, B, P] with a projection).
 * @example new LSTM(65, 128, { layers: 2, bidirectional: true, dropout: 0.2, random })
 */
export class LSTM extends Module {
  readonly recurrent: Recurrent<readonly StackLayer<LSTMCell>[]>;

  /** @throws ValueError for options that the cell or `Recurrent` does not take. */
  constructor(inputSize: number, hiddenSize: number, options: LSTMOptions) {
    super();
    const { projectionSize = hiddenSize } = requireLayer('LSTM', { inputSize, hiddenSize }, options, OPTIONS);
    const cellOptions = pick<LSTMCellOptions>(options, LSTM_CELL);
    const make = (size: number): LSTMCell => new LSTMCell(size, hiddenSize, cellOptions);
    this.recurrent = inNameOf(
      'LSTM',
      () =>
        new Recurrent(stackOf('LSTM', options, inputSize, projectionSize, make), pick(options, RECURRENT)),
    );
  }

  /** The state before the first step, for a batch of `batch` streams. */
  initialState(batch: number): LSTMState {
    requireBatch('LSTM', batch);
    return stacked(this.recurrent.initialState(batch));
  }

  override stateForm(): StateForm {
    return { names: { recurrent: '*' } };
  }

  /** As `Recurrent.forward`. @throws ShapeError for a state that has not one part for each layer and direction. */
  forward(inputs: Tensor, state?: LSTMState, padding?: PaddingOptions): Unrolled<LSTMState> {
    const { recurrent } = this;
    const run = inNameOf('LSTM', () =>
      recurrent.forward(inputs, state === undefined ? undefined : this.#unstacked(state), padding),
    );
    return { outputs: run.outputs, state: stacked(run.state) };
  }

  #unstacked(state: LSTMState): readonly (LSTMState | readonly [LSTMState, LSTMState])[] {
    const layers = this.recurrent.cell;
    if (Array.isArray(state))
      throw new ValueError(
        'LSTM: expected a state { h, c }, got an array; write { h, c } in place of [h, c]',
      );
    const { h, c } = (state ?? {}) as LSTMState;
    checkStacked('LSTM', 'state.h', h, layers);
    checkStacked('LSTM', 'state.c', c, layers);
    return unstackStates(layers, (k) => ({ h: h.select(k), c: c.select(k) }));
  }
}

const stacked = (states: readonly (LSTMState | readonly [LSTMState, LSTMState])[]): LSTMState => ({
  h: stackStates(states, ({ h }) => h),
  c: stackStates(states, ({ c }) => c),
});
