/** The cells to train: built-in ones, and cells as a user writes them. */
import {
  Cell,
  GRUCell,
  LayerNorm,
  LSTMCell,
  type LSTMState,
  ProjectedCell,
  RNNCell,
  type Step,
} from '@chronograd/nn';
import { type FloatDtype, linear, Parameter, Random, type Tensor, tensor } from '@chronograd/tensor';
import type { TrainCase } from '../cases.ts';
import { Absent } from '../contestant.ts';
import { OUR_CELL } from '../contestant-types.ts';
import { type FirstWeights, GATES, transposed } from '../data.ts';

/**
 * A user's cell in plain ops: h' = tanh(x·Wx + h·Wh + b). Characters are one-hot vectors [B, V] or
 * indices [B].
 */
class PlainCell extends Cell<Tensor> {
  readonly wx: Parameter;
  readonly wh: Parameter;
  readonly b: Parameter;

  constructor(wx: Tensor, wh: Tensor, b: Tensor) {
    super();
    this.wx = new Parameter(wx);
    this.wh = new Parameter(wh);
    this.b = new Parameter(b);
  }

  initialState(batch: number): Tensor {
    return this.zeroState(batch, this.b.size);
  }

  step(x: Tensor, h: Tensor): Step<Tensor> {
    const projected = x.dtype === 'int32' ? this.wx.gather(x) : x.matmul(this.wx);
    const next = projected.add(h.matmul(this.wh)).add(this.b).tanh();
    return { output: next, state: next };
  }
}

/** The same cell in fused public ops: `linear`, and all inputs projected before the loop. */
class FusedCell extends ProjectedCell<Tensor> {
  readonly weightIh: Parameter;
  readonly weightHh: Parameter;
  readonly bias: Parameter;

  constructor(weightIh: Tensor, weightHh: Tensor, bias: Tensor) {
    super();
    this.weightIh = new Parameter(weightIh);
    this.weightHh = new Parameter(weightHh);
    this.bias = new Parameter(bias);
  }

  initialState(batch: number): Tensor {
    return this.zeroState(batch, this.bias.size);
  }

  override project(x: Tensor): Tensor {
    return linear(x, this.weightIh, this.bias);
  }

  override advance(projected: Tensor, h: Tensor): Step<Tensor> {
    const next = linear(h, this.weightHh, projected).tanh();
    return { output: next, state: next };
  }
}

/**
 * A user's layer-norm LSTM. i, f, g, o are parts of LN(x·Wihᵀ) + LN(h·Whhᵀ), c' = σ(f)∘c +
 * σ(i)∘tanh(g), h' = σ(o)∘tanh(LN(c')). The only biases are those of the norms. Ba, Kiros and
 * Hinton, 2016.
 */
class LayerNormCell extends ProjectedCell<LSTMState> {
  readonly weightIh: Parameter;
  readonly weightHh: Parameter;
  readonly normX: LayerNorm;
  readonly normH: LayerNorm;
  readonly normC: LayerNorm;

  constructor(weightIh: Tensor, weightHh: Tensor, dtype: FloatDtype) {
    super();
    const [rows, H] = weightHh.shape as readonly [number, number];
    this.weightIh = new Parameter(weightIh);
    this.weightHh = new Parameter(weightHh);
    this.normX = new LayerNorm(rows, { dtype });
    this.normH = new LayerNorm(rows, { dtype });
    this.normC = new LayerNorm(H, { dtype });
  }

  initialState(batch: number): LSTMState {
    const zero = (): Tensor => this.zeroState(batch, ...this.normC.normalizedShape);
    return { h: zero(), c: zero() };
  }

  override project(x: Tensor): Tensor {
    return this.normX.forward(linear(x, this.weightIh));
  }

  override advance(projected: Tensor, { h, c }: LSTMState): Step<LSTMState> {
    const [i, f, g, o] = projected.add(this.normH.forward(linear(h, this.weightHh))).chunk(4, -1);
    const cell = f.sigmoid().mul(c).add(i.sigmoid().mul(g.tanh()));
    const next = o.sigmoid().mul(this.normC.forward(cell).tanh());
    return { output: next, state: { h: next, c: cell } };
  }
}

/**
 * The cell of a variant, with the first weights of all contestants. It has one bias, like
 * min-char-rnn.
 */
export function makeCell(
  { V, H, E, cell }: Pick<TrainCase, 'V' | 'H' | 'E' | 'cell'>,
  variant: string,
  first: FirstWeights,
  dtype: FloatDtype,
): Cell<unknown> {
  const inputs = E === 0 ? V : E;
  const rows = GATES[cell] * H;
  const of = (data: Float64Array, shape: number[]): Tensor => tensor(data, { shape, dtype });
  const [weightIh, weightHh, bias] = [
    of(first.Wxh, [rows, inputs]),
    of(first.Whh, [rows, H]),
    of(first.bh, [rows]),
  ];
  if (cell === 'rnn' && variant.startsWith('plain cell')) {
    const wx = of(transposed(first.Wxh, H, inputs), [inputs, H]);
    return new PlainCell(wx, of(transposed(first.Whh, H, H), [H, H]), bias);
  }
  if (cell === 'rnn' && variant.startsWith('fused cell')) return new FusedCell(weightIh, weightHh, bias);
  if (!variant.startsWith(OUR_CELL[cell])) throw new Absent(`it has no variant "${variant}"`);
  if (cell === 'lnlstm') return new LayerNormCell(weightIh, weightHh, dtype);
  const BuiltIn = { rnn: RNNCell, lstm: LSTMCell, gru: GRUCell }[cell];
  const built = new BuiltIn(inputs, H, { random: new Random(1), dtype, biases: 1 });
  built.weightIh.assign(weightIh);
  built.weightHh.assign(weightHh);
  built.biasIh?.assign(bias);
  return built;
}
