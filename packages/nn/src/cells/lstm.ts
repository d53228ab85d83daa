/** Long short-term memory. */
import { linear, Parameter, type Tensor, ValueError } from '@chronograd/tensor';
import { inNameOf, type OptionKeys, showValue } from '@chronograd/tensor/engine';
import { summedBiases } from '../formats/state-dict/cell-forms.ts';
import type { StateForm } from '../formats/state-dict/form.ts';
import { randomOf, uniformInit } from '../init.ts';
import { noteParameters } from '../internal/places.ts';
import { requireBatch } from '../internal/require.ts';
import { requireLayer } from '../modules/linear.ts';
import { ProjectedCell, type Step } from './cell.ts';
import { GATED, type GatedCellOptions, gateBlocks, gatedParameters, isBatchOf, stateError } from './gates.ts';

/** How an `LSTMCell` begins, and what it computes. */
export interface LSTMCellOptions extends GatedCellOptions {
  /** Added to the forget gate's rows of `biasIh` at the start, so that a new cell remembers. 0 unless named; Gers and others (2000) have 1. */
  readonly forgetBias?: number;
  /** P: the output is projected to this size by `weightHr` before it leaves and comes back. PyTorch's `proj_size`; none unless named. */
  readonly projectionSize?: number;
}

export const LSTM_CELL: OptionKeys<LSTMCellOptions> = { ...GATED, forgetBias: true, projectionSize: true };

/** The state of an `LSTMCell`. */
export interface LSTMState {
  /** The hidden state, which is the output too: shape [B, H], or [B, P] with a projection. */
  readonly h: Tensor;
  /** The cell state: shape [B, H]. */
  readonly c: Tensor;
}

const GATES = ['i', 'f', 'g', 'o'] as const;

/**
 * c' = f∘c + i∘g, h' = o∘tanh(c'), where i, f and o are σ and g is tanh of their rows of x·Wihᵀ + b_ih + h·Whhᵀ + b_hh. Hochreiter and
 * Schmidhuber, 1997, with the forget gate of Gers and others, 2000; parameters as in PyTorch's `nn.LSTMCell`.
 * Weights weightIh [4H, F] and weightHh [4H, H], biases [4H], rows in the order i, f, g, o. With a projection h' = (o∘tanh(c'))·Whrᵀ, weightHr
 * [P, H] and weightHh [4H, P] (Sak and others, 2014). Output: h'.
 */
export class LSTMCell extends ProjectedCell<LSTMState> {
  readonly weightIh: Parameter;
  readonly weightHh: Parameter;
  readonly biasIh: Parameter | null;
  readonly biasHh: Parameter | null;
  readonly weightHr: Parameter | null;
  readonly hiddenSize: number;
  readonly projectionSize: number | null;

  /** @throws ValueError for a number of biases that it has not, a projection to nothing, or a forget bias without a bias. */
  constructor(inputSize: number, hiddenSize: number, options: LSTMCellOptions) {
    super();
    const {
      init = uniformInit(hiddenSize),
      forgetBias = 0,
      projectionSize = null,
    } = requireLayer('LSTMCell', { inputSize, hiddenSize }, options, LSTM_CELL);
    if (projectionSize !== null && !(Number.isInteger(projectionSize) && projectionSize > 0))
      throw new ValueError(
        `LSTMCell: projectionSize ${showValue(projectionSize)} came, a whole number from 1 on was expected`,
      );
    if (!Number.isFinite(forgetBias) || (forgetBias !== 0 && options.biases === 0))
      throw new ValueError(
        `LSTMCell: forgetBias ${showValue(forgetBias)} came with biases ${showValue(options.biases ?? 2)}, a finite number and at least one bias vector were expected`,
      );
    const sizes = { inputSize, hiddenSize, stateSize: projectionSize ?? hiddenSize };
    const made = gatedParameters('LSTMCell', GATES, sizes, options, (gate, bias) =>
      gate === 'f' && forgetBias !== 0 ? bias.add(forgetBias) : bias,
    );
    this.weightIh = made.weightIh;
    this.weightHh = made.weightHh;
    this.biasIh = made.biasIh;
    this.biasHh = made.biasHh;
    this.weightHr =
      projectionSize === null ? null : new Parameter(init([projectionSize, hiddenSize], randomOf(options)));
    this.hiddenSize = hiddenSize;
    this.projectionSize = projectionSize;
    noteParameters(this);
  }

  initialState(batch: number): LSTMState {
    requireBatch('LSTMCell', batch);
    return {
      h: this.zeroState(batch, this.projectionSize ?? this.hiddenSize),
      c: this.zeroState(batch, this.hiddenSize),
    };
  }

  override stateForm(): StateForm {
    return summedBiases(this);
  }

  override blocks(): Readonly<Record<string, readonly string[]>> {
    return gateBlocks(this, GATES);
  }

  override project(x: Tensor): Tensor {
    const projected = inNameOf('LSTMCell', () => linear(x, this.weightIh, this.biasIh));
    return this.biasHh === null ? projected : projected.add(this.biasHh);
  }

  /** @throws ShapeError for a state that is not { h [B, H], c [B, H] }: broadcast, it would give numbers that mean nothing. */
  override advance(projected: Tensor, state: LSTMState): Step<LSTMState> {
    const H = this.hiddenSize;
    const P = this.projectionSize ?? H;
    if (!isBatchOf(projected, state?.h, P) || !isBatchOf(projected, state.c, H))
      throw stateError('LSTMCell', projected, state, `{ h [B, ${P}], c [B, ${H}] }`);
    const { h, c } = state;
    const [zi, zf, zg, zo] = linear(h, this.weightHh, projected).chunk(4, -1);
    const f = this.tap('f', zf.sigmoid());
    const i = this.tap('i', zi.sigmoid());
    const g = this.tap('g', zg.tanh());
    const cell = this.tap('c', f.mul(c).add(i.mul(g)));
    const o = this.tap('o', zo.sigmoid());
    const shown = o.mul(cell.tanh());
    const next = this.weightHr === null ? shown : linear(shown, this.weightHr);
    return { output: next, state: { h: next, c: cell } };
  }
}
