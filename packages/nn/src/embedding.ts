/** Embeddings. */
import { Parameter, type Tensor } from '@chronograd/tensor';
import { inNameOf } from '@chronograd/tensor/engine';
import { normalInit, randomOf } from './init.ts';
import { LAYER, type LayerOptions, requireLayer } from './linear.ts';
import { Module } from './module.ts';
import { noteParameters } from './places.ts';

/** A table of vectors, one for each index: weight [V, E], standard normal unless `init` says otherwise. */
export class Embedding extends Module {
  readonly weight: Parameter;

  constructor(count: number, size: number, options: LayerOptions) {
    super();
    const { init = normalInit(1) } = requireLayer('Embedding', { count, size }, options, LAYER);
    this.weight = new Parameter(init([count, size], randomOf(options)));
    noteParameters(this);
  }

  /** @param indices int32 of any shape, each in 0 … V − 1. @returns shape [indices' shape…, E]. */
  forward(indices: Tensor): Tensor {
    return inNameOf('Embedding', () => this.weight.gather(indices));
  }
}
