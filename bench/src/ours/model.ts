/** The models that train: the built-in cell, and cells as a user writes them. */
import {
  Cell,
  Embedding,
  Linear,
  Module,
  ProjectedCell,
  Recurrent,
  RNNCell,
  type Step,
} from '@chronograd/nn';
import { type FloatDtype, linear, Parameter, Random, type Tensor, tensor, zeros } from '@chronograd/tensor';
import type { Case } from '../cases.ts';
import { Absent } from '../contestant.ts';
import { firstWeights, transposed } from '../data.ts';

type TrainCase = Extract<Case, { readonly kind: 'train' }>;

/** A user's own cell in plain ops: h' = tanh(x·Wx + h·Wh + b). Characters come as one-hot vectors [B, V] or as indices [B]. */
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
    return zeros([batch, this.b.size], { dtype: this.b.dtype });
  }

  step(x: Tensor, h: Tensor): Step<Tensor> {
    const projected = x.dtype === 'int32' ? this.wx.gather(x) : x.matmul(this.wx);
    const next = projected.add(h.matmul(this.wh)).add(this.b).tanh();
    return { output: next, state: next };
  }
}

/** The same cell in what is public and does more at once: `linear`, and all inputs projected before the loop. */
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
    return zeros([batch, this.bias.size], { dtype: this.bias.dtype });
  }

  override project(x: Tensor): Tensor {
    return linear(x, this.weightIh, this.bias);
  }

  override advance(projected: Tensor, h: Tensor): Step<Tensor> {
    const next = linear(h, this.weightHh, projected).tanh();
    return { output: next, state: next };
  }
}

/** A recurrent layer and a decoder, with an embedding before them or not. */
export class CharModel extends Module {
  readonly embedding: Embedding | null;
  readonly recurrent: Recurrent<Cell<Tensor>>;
  readonly decoder: Linear;

  constructor(embedding: Embedding | null, cell: Cell<Tensor>, decoder: Linear) {
    super();
    this.embedding = embedding;
    this.recurrent = new Recurrent(cell);
    this.decoder = decoder;
  }

  /** @param x shape [T, B] indices or [T, B, V] one-hot. @returns logits [T, B, V] and the last state. */
  forward(x: Tensor, h: Tensor): { readonly logits: Tensor; readonly state: Tensor } {
    const inputs = this.embedding === null ? x : this.embedding.forward(x);
    const { outputs, state } = this.recurrent.forward(inputs, h);
    return { logits: this.decoder.forward(outputs), state };
  }
}

/** The model of a variant, with the weights that all contestants begin with. */
export function makeModel(
  spec: Pick<TrainCase, 'V' | 'H' | 'E'>,
  variant: string,
  dtype: FloatDtype,
): CharModel {
  const { V, H, E } = spec;
  const first = firstWeights(V, H, E);
  const inputs = E === 0 ? V : E;
  const of = (data: Float64Array, shape: number[]): Tensor => tensor(data, { shape, dtype });
  const make = (data: Float64Array) => (shape: readonly number[]) => of(data, [...shape]);
  const options = { random: new Random(1), dtype };

  const cell = ((): Cell<Tensor> => {
    if (variant.startsWith('plain cell')) {
      const wx = of(transposed(first.Wxh, H, inputs), [inputs, H]);
      return new PlainCell(wx, of(transposed(first.Whh, H, H), [H, H]), of(first.bh, [H]));
    }
    if (variant.startsWith('fused cell')) {
      return new FusedCell(of(first.Wxh, [H, inputs]), of(first.Whh, [H, H]), of(first.bh, [H]));
    }
    if (!variant.startsWith('RNNCell')) throw new Absent(`it has no variant "${variant}"`);
    const built = new RNNCell(inputs, H, { ...options, biases: 1 });
    built.weightIh.assign(of(first.Wxh, [H, inputs]));
    built.weightHh.assign(of(first.Whh, [H, H]));
    built.biasIh?.assign(of(first.bh, [H]));
    return built;
  })();
  const decoder = new Linear(H, V, { ...options, init: make(first.Why) });
  decoder.bias?.assign(of(first.by, [V]));
  const embedding =
    first.table === null ? null : new Embedding(V, E, { ...options, init: make(first.table) });
  return new CharModel(embedding, cell, decoder);
}
