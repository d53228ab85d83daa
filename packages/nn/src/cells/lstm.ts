/** Long short-term memory. */
import { linear, Parameter, type Tensor, ValueError } from '@chronograd/tensor';
import { type OptionKeys, showValue } from '@chronograd/tensor/engine';
import { randomOf, uniformInit } from '../init.ts';
import { requireRandom } from '../internal/options.ts';
import { noteParameters } from '../internal/places.ts';
import { requireBatch, requireCount } from '../internal/require.ts';
import type { Step } from './cell.ts';
import { GATED, GatedCell, type GatedCellOptions, isBatchOf, stateError } from './gates.ts';

/** Options of `LSTMCell`. */
export interface LSTMCellOptions extends GatedCellOptions {
  /**
   * Added to the forget gate's rows of `biasIh`, so that a new cell remembers. Gers and others
   * (2000) use 1. Default: 0.
   */
  readonly forgetBias?: number;
  /** P: `weightHr` projects the hidden state to this size. PyTorch's `proj_size`. Default: none. */
  readonly projectionSize?: number;
}

export const LSTM_CELL: OptionKeys<LSTMCellOptions> = { ...GATED, forgetBias: true, projectionSize: true };

/** The state of an `LSTMCell`. */
export interface LSTMState {
  /** The hidden state, which is also the output: shape [B, H], or [B, P] with a projection. */
  readonly h: Tensor;
  /** The cell state: shape [B, H]. */
  readonly c: Tensor;
}

/**
 * c' = f∘c + i∘g, h' = o∘tanh(c'), where i, f and o are σ and g is tanh of their rows of x·Wihᵀ +
 * b_ih + h·Whhᵀ + b_hh. Hochreiter and Schmidhuber, 1997, with the forget gate of Gers and others,
 * 2000. Parameters are those of PyTorch's `nn.LSTMCell`: weightIh [4H, F], weightHh [4H, H], biases
 * [4H], rows in the order i, f, g, o. With a projection h' = (o∘tanh(c'))·Whrᵀ, weightHr [P, H] and
 * weightHh [4H, P] (Sak and others, 2014). Output: h'.
 */
export class LSTMCell extends GatedCell<LSTMState> {
  readonly weightHr: Parameter | null;
  readonly projectionSize: number | null;

  /** @throws ValueError for invalid options, including a forget bias without a bias. */
  constructor(inputSize: number, hiddenSize: number, options: LSTMCellOptions) {
    requireRandom('LSTMCell', options, LSTM_CELL);
    const { biases = 2, forgetBias = 0, projectionSize = null } = options;
    if (projectionSize !== null) requireCount('LSTMCell', 'projectionSize', projectionSize);
    if (!Number.isFinite(forgetBias) || (forgetBias !== 0 && biases === 0)) {
      throw new ValueError(
        `LSTMCell: expected a finite forgetBias and at least one bias vector, got forgetBias ${showValue(forgetBias)} with biases ${showValue(biases)}`,
      );
    }
    const kind = {
      name: 'LSTMCell',
      gates: ['i', 'f', 'g', 'o'],
      keys: LSTM_CELL,
      stateSize: projectionSize ?? hiddenSize,
      bias: (gate: string, values: Tensor): Tensor => (gate === 'f' ? values.add(forgetBias) : values),
    };
    super(kind, inputSize, hiddenSize, options);
    const { init = uniformInit(hiddenSize) } = options; // the base class has checked the size
    this.weightHr =
      projectionSize === null ? null : new Parameter(init([projectionSize, hiddenSize], randomOf(options)));
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

  /** @throws ShapeError unless the state is { h [B, H], c [B, H] }. */
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
