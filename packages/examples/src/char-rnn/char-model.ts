/** The network: characters in, logits of the next character out. */
import {
  type AnyCell,
  fanInNormal,
  type Initializer,
  Linear,
  Module,
  normalInit,
  orthogonal,
  Recurrent,
  uniformInit,
  xavierNormal,
  xavierUniform,
} from '@chronograd/nn';
import type { Random, Tensor } from '@chronograd/tensor';
import { CELLS } from './cells.ts';
import type { TrainConfiguration } from './settings.ts';

/** The size and the initial weights of the network. */
export type ModelConfiguration = Pick<TrainConfiguration, 'cell' | 'hidden' | 'init' | 'dtype'>;

/**
 * A recurrent cell on one-hot characters, and logits = W·h + c of its outputs h. With the cell `rnn` it
 * is the network of min-char-rnn, whose names are: `recurrent.cell.weightIh` Wxh [H, V],
 * `weightHh` Whh [H, H], `biasIh` bh [H]; `decoder.weight` Why [V, H], `bias` by [V].
 */
export class CharModel extends Module {
  readonly recurrent: Recurrent<AnyCell>;
  readonly decoder: Linear;

  /** Draws the weights of the cell first. Biases are 0. */
  constructor(vocabularySize: number, { cell, hidden, init, dtype }: ModelConfiguration, random: Random) {
    super();
    const options = { init: initializerOf(init, hidden), random, dtype };
    this.recurrent = new Recurrent(CELLS[cell](vocabularySize, hidden, options));
    this.decoder = new Linear(hidden, vocabularySize, options);
  }

  /**
   * @param characters int32, shape [T, B]
   * @param state of the cell, for B streams
   * @returns logits [T, B, V] and the state after the last step
   */
  forward(characters: Tensor, state: unknown): { readonly logits: Tensor; readonly state: unknown } {
    const unrolled = this.recurrent.forward(characters, state);
    return { logits: this.decoder.forward(unrolled.outputs), state: unrolled.state };
  }
}

function initializerOf(init: ModelConfiguration['init'], hidden: number): Initializer {
  if (typeof init === 'object') return normalInit(init.normal);
  if (init === 'fan-in') return fanInNormal;
  if (init === 'xavier-normal') return xavierNormal;
  if (init === 'xavier-uniform') return xavierUniform;
  return init === 'pytorch' ? uniformInit(hidden) : orthogonal();
}
