/** The model that trains. */
import { type Cell, Embedding, Linear, Module, Recurrent } from '@chronograd/nn';
import { type FloatDtype, Random, type Tensor, tensor } from '@chronograd/tensor';
import type { TrainCase } from '../cases.ts';
import { firstWeights } from '../data.ts';
import { makeCell } from './cells.ts';

/** A recurrent layer of any cell and a decoder, with an optional embedding before them. */
export class CharModel extends Module {
  readonly embedding: Embedding | null;
  readonly recurrent: Recurrent<Cell<unknown>>;
  readonly decoder: Linear;

  constructor(embedding: Embedding | null, cell: Cell<unknown>, decoder: Linear) {
    super();
    this.embedding = embedding;
    this.recurrent = new Recurrent(cell);
    this.decoder = decoder;
  }

  /**
   * @param x shape [T, B] indices or [T, B, V] one-hot
   * @returns logits [T, B, V] and the last state
   */
  forward(x: Tensor, before: unknown): { readonly logits: Tensor; readonly state: unknown } {
    const inputs = this.embedding === null ? x : this.embedding.forward(x);
    const { outputs, state } = this.recurrent.forward(inputs, before);
    return { logits: this.decoder.forward(outputs), state };
  }
}

/** The model of a variant, with the first weights of all contestants. */
export function makeModel(
  spec: Pick<TrainCase, 'V' | 'H' | 'E' | 'cell'>,
  variant: string,
  dtype: FloatDtype,
): CharModel {
  const { V, H, E, cell } = spec;
  const first = firstWeights(V, H, E, cell);
  const of = (data: Float64Array, shape: readonly number[]): Tensor =>
    tensor(data, { shape: [...shape], dtype });
  const make = (data: Float64Array) => (shape: readonly number[]) => of(data, shape);
  const options = { random: new Random(1), dtype };
  const decoder = new Linear(H, V, { ...options, init: make(first.Why) });
  decoder.bias?.assign(of(first.by, [V]));
  const embedding =
    first.table === null ? null : new Embedding(V, E, { ...options, init: make(first.table) });
  return new CharModel(embedding, makeCell(spec, variant, first, dtype), decoder);
}
