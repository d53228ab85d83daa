/** The simple recurrent cell. */
import { linear, Parameter, type Tensor, ValueError } from '@chronograd/tensor';
import { inNameOf, type OptionKeys, shapeOf, showValue } from '@chronograd/tensor/engine';
import { summedBiases } from '../formats/state-dict/cell-forms.ts';
import type { StateForm } from '../formats/state-dict/form.ts';
import { randomOf, uniformInit } from '../init.ts';
import { noteParameters } from '../internal/places.ts';
import { requireBatch } from '../internal/require.ts';
import { biasInit, LAYER, type LayerOptions, requireLayer } from '../modules/linear.ts';
import { ProjectedCell, type Step } from './cell.ts';
import { isBatchOf, stateError } from './gates.ts';

/** How an `RNNCell` begins, and what it computes. */
export interface RNNCellOptions extends LayerOptions {
  /** tanh unless named. */
  readonly nonlinearity?: 'tanh' | 'relu';
  /** How many bias vectors: 2 as PyTorch has it (`bias_ih` and `bias_hh`), 1 as min-char-rnn has it (`bh`), or 0. */
  readonly biases?: 0 | 1 | 2;
}

export const RNN_CELL: OptionKeys<RNNCellOptions> = { ...LAYER, nonlinearity: true, biases: true };

/**
 * h' = tanh(x·Wihᵀ + b_ih + h·Whhᵀ + b_hh). Elman, 1990; parameters as in PyTorch's `nn.RNNCell`.
 * Weights weightIh [H, F] and weightHh [H, H], biases [H]. State and output: h, shape [B, H].
 */
export class RNNCell extends ProjectedCell<Tensor> {
  readonly weightIh: Parameter;
  readonly weightHh: Parameter;
  readonly biasIh: Parameter | null;
  readonly biasHh: Parameter | null;
  readonly hiddenSize: number;
  readonly nonlinearity: 'tanh' | 'relu';

  /** @throws ValueError for a nonlinearity or a number of biases that it has not. */
  constructor(inputSize: number, hiddenSize: number, options: RNNCellOptions) {
    super();
    const {
      init = uniformInit(hiddenSize),
      nonlinearity = 'tanh',
      biases = 2,
    } = requireLayer('RNNCell', { inputSize, hiddenSize }, options, RNN_CELL);
    if (nonlinearity !== 'tanh' && nonlinearity !== 'relu')
      throw new ValueError(
        `RNNCell: nonlinearity ${showValue(nonlinearity)} came, 'tanh' or 'relu' was expected`,
      );
    if (biases !== 0 && biases !== 1 && biases !== 2)
      throw new ValueError(`RNNCell: biases ${showValue(biases)} came, 0, 1 or 2 was expected`);
    const start = randomOf(options);
    const bias = (): Parameter => new Parameter(biasInit(options, hiddenSize)([hiddenSize], start));
    this.weightIh = new Parameter(init([hiddenSize, inputSize], start));
    this.weightHh = new Parameter(init([hiddenSize, hiddenSize], start));
    this.biasIh = biases >= 1 ? bias() : null;
    this.biasHh = biases === 2 ? bias() : null;
    this.hiddenSize = hiddenSize;
    this.nonlinearity = nonlinearity;
    noteParameters(this);
  }

  initialState(batch: number): Tensor {
    requireBatch('RNNCell', batch);
    return this.zeroState(batch, this.hiddenSize);
  }

  override stateForm(): StateForm {
    return summedBiases(this);
  }

  override project(x: Tensor): Tensor {
    const projected = inNameOf('RNNCell', () => linear(x, this.weightIh, this.biasIh));
    return this.biasHh === null ? projected : projected.add(this.biasHh);
  }

  /** @throws ShapeError for a state that is not [B, H]: broadcast, it would give numbers that mean nothing. */
  override advance(projected: Tensor, h: Tensor): Step<Tensor> {
    const H = this.hiddenSize;
    if (!isBatchOf(projected, h, H) || shapeOf(projected)[1] !== H)
      throw stateError('RNNCell', projected, h, `[B, ${H}]`);
    const sum = linear(h, this.weightHh, projected);
    const next = this.nonlinearity === 'tanh' ? sum.tanh() : sum.relu();
    return { output: next, state: next };
  }
}
