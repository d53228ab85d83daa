/** Stacked gated recurrent units. */
import type { Tensor } from '@chronograd/tensor';
import { inNameOf, type OptionKeys } from '@chronograd/tensor/engine';
import { GRU_CELL, GRUCell, type GRUCellOptions } from '../cells/gru.ts';
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
export type GRUOptions = GRUCellOptions & StackOptions;

const OPTIONS: OptionKeys<GRUOptions> = { ...GRU_CELL, ...STACK };

/**
 * Gated recurrent cells in layers and directions, as PyTorch's `nn.GRU`: a `Recurrent` whose state is one tensor [L·D, B, H], layer by layer and forward
 * before backward.
 * @example new GRU(65, 128, { layers: 2, bidirectional: true, dropout: 0.2, random })
 */
export class GRU extends Module {
  readonly recurrent: Recurrent<readonly StackLayer<GRUCell>[]>;

  /** @throws ValueError for options that the cell or `Recurrent` does not take. */
  constructor(inputSize: number, hiddenSize: number, options: GRUOptions) {
    super();
    requireLayer('GRU', { inputSize, hiddenSize }, options, OPTIONS);
    const cellOptions = pick<GRUCellOptions>(options, GRU_CELL);
    const make = (size: number): GRUCell => new GRUCell(size, hiddenSize, cellOptions);
    this.recurrent = inNameOf(
      'GRU',
      () => new Recurrent(stackOf('GRU', options, inputSize, hiddenSize, make), pick(options, RECURRENT)),
    );
  }

  /** The state before the first step, for a batch of `batch` streams. */
  initialState(batch: number): Tensor {
    requireBatch('GRU', batch);
    return stackStates(this.recurrent.initialState(batch), (h) => h);
  }

  override stateForm(): StateForm {
    return { names: { recurrent: '*' } };
  }

  /** As `Recurrent.forward`. @throws ShapeError for a state that has not one part for each layer and direction. */
  forward(inputs: Tensor, state?: Tensor, padding?: PaddingOptions): Unrolled<Tensor> {
    const { recurrent } = this;
    if (state !== undefined) checkStacked('GRU', 'state', state, recurrent.cell);
    const before = state === undefined ? undefined : unstackStates(recurrent.cell, (k) => state.select(k));
    const run = inNameOf('GRU', () => recurrent.forward(inputs, before, padding));
    return { outputs: run.outputs, state: stackStates(run.state, (h) => h) };
  }
}
