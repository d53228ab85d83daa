/** Embeddings. */
import { arange, Parameter, type Tensor, ValueError, where } from '@chronograd/tensor';
import { inNameOf, type OptionKeys, showValue } from '@chronograd/tensor/engine';
import { normalInit, randomOf } from '../init.ts';
import { noteParameters } from '../internal/places.ts';
import { Module } from '../module.ts';
import { LAYER, type LayerOptions, requireLayer } from './linear.ts';

/** Options of `Embedding`. The default `init` is the standard normal. */
export interface EmbeddingOptions extends LayerOptions {
  /**
   * The index of padding: its vector starts as zeros and gets no gradient. Negative indices count
   * from the end. Default: none.
   */
  readonly paddingIndex?: number;
}

const EMBEDDING: OptionKeys<EmbeddingOptions> = { ...LAYER, paddingIndex: true };

/** A table of vectors, one for each index: weight [V, E]. PyTorch's `nn.Embedding`. */
export class Embedding extends Module {
  readonly weight: Parameter;
  /** From 0 on; null for none. */
  readonly paddingIndex: number | null;

  /** @throws ValueError for a padding index that is not in the table. */
  constructor(count: number, size: number, options: EmbeddingOptions) {
    super();
    const sizes = { count, size };
    const { init = normalInit(1), paddingIndex } = requireLayer('Embedding', sizes, options, EMBEDDING);
    const padding = paddingIndex === undefined ? null : rowOf(paddingIndex, count);
    const first = init([count, size], randomOf(options));
    const isPadding = (row: number): Tensor => arange(count, { dtype: 'int32' }).equal(row).unsqueeze(-1);
    this.paddingIndex = padding;
    this.weight = new Parameter(padding === null ? first : where(isPadding(padding), 0, first));
    noteParameters(this);
  }

  /** @param indices int32 of any shape, each in 0 … V − 1. @returns shape [indices' shape…, E]. */
  forward(indices: Tensor): Tensor {
    const vectors = inNameOf('Embedding', () => this.weight.gather(indices));
    if (this.paddingIndex === null) return vectors;
    return where(indices.equal(this.paddingIndex).unsqueeze(-1), vectors.detach(), vectors);
  }
}

function rowOf(index: number, count: number): number {
  const row = Number.isInteger(index) && index < 0 ? index + count : index;
  if (Number.isInteger(row) && row >= 0 && row < count) return row;
  throw new ValueError(
    `Embedding: expected a paddingIndex from ${-count} to ${count - 1}, got ${showValue(index)}`,
  );
}
