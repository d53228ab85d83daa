/** The simple recurrent cell. */
import { linear, type Tensor } from '@chronograd/tensor';
import { type OptionKeys, shapeOf } from '@chronograd/tensor/engine';
import { requireBatch, requireOneOf } from '../internal/require.ts';
import type { Step } from './cell.ts';
import { GATED, GatedCell, type GatedCellOptions, isBatchOf, stateError } from './gates.ts';

/** Options of `RNNCell`. */
export interface RNNCellOptions extends GatedCellOptions {
  /** Default: 'tanh'. */
  readonly nonlinearity?: 'tanh' | 'relu';
}

export const RNN_CELL: OptionKeys<RNNCellOptions> = { ...GATED, nonlinearity: true };

const requireNonlinearity = requireOneOf('tanh', 'relu');

/**
 * h' = tanh(x·Wihᵀ + b_ih + h·Whhᵀ + b_hh). Elman, 1990. Parameters are those of PyTorch's
 * `nn.RNNCell`: weightIh [H, F], weightHh [H, H], biases [H]. State and output: h, shape [B, H].
 */
export class RNNCell extends GatedCell<Tensor> {
  readonly nonlinearity: 'tanh' | 'relu';

  /** @throws ValueError for another nonlinearity or number of biases. */
  constructor(inputSize: number, hiddenSize: number, options: RNNCellOptions) {
    super({ name: 'RNNCell', gates: ['h'], keys: RNN_CELL }, inputSize, hiddenSize, options);
    const { nonlinearity = 'tanh' } = options;
    requireNonlinearity('RNNCell', 'nonlinearity', nonlinearity);
    this.nonlinearity = nonlinearity;
  }

  initialState(batch: number): Tensor {
    requireBatch('RNNCell', batch);
    return this.zeroState(batch, this.hiddenSize);
  }

  /** @throws ShapeError unless the state is [B, H]. */
  override advance(projected: Tensor, h: Tensor): Step<Tensor> {
    const H = this.hiddenSize;
    if (!isBatchOf(projected, h, H) || shapeOf(projected)[1] !== H)
      throw stateError('RNNCell', projected, h, `[B, ${H}]`);
    const sum = linear(h, this.weightHh, projected);
    const next = this.nonlinearity === 'tanh' ? sum.tanh() : sum.relu();
    return { output: next, state: next };
  }
}
