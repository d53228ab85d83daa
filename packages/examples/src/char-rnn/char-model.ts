/** The network: characters in, logits of the next character out. */
import {
  fanInNormal,
  type Initializer,
  Linear,
  Module,
  normalInit,
  orthogonal,
  Recurrent,
  RNNCell,
  uniformInit,
  xavierNormal,
  xavierUniform,
} from '@chronograd/nn';
import type { Random, Tensor } from '@chronograd/tensor';
import type { TrainConfiguration } from './configuration.ts';

/** What decides the size and the first weights of the network. */
export type ModelConfiguration = Pick<TrainConfiguration, 'hidden' | 'init' | 'dtype'>;

/**
 * h' = tanh(Wih·x + Whh·h + b), logits = W·h + c, where x is a character as a one-hot vector: min-char-rnn's network.
 * Its names there: `recurrent.cell.weightIh` Wxh [H, V], `weightHh` Whh [H, H], `biasIh` bh [H]; `decoder.weight` Why [V, H], `bias` by [V].
 */
export class CharModel extends Module {
  readonly recurrent: Recurrent<RNNCell>;
  readonly decoder: Linear;

  /** Weights as configured, drawn in the order Wih, Whh, W; biases 0. */
  constructor(vocabularySize: number, { hidden, init, dtype }: ModelConfiguration, random: Random) {
    super();
    const options = { init: initializerOf(init, hidden), random, dtype };
    this.recurrent = new Recurrent(new RNNCell(vocabularySize, hidden, { ...options, biases: 1 }));
    this.decoder = new Linear(hidden, vocabularySize, options);
  }

  /**
   * @param characters int32, shape [T, B]. @param state shape [B, H].
   * @returns logits [T, B, V], and the state after the last step.
   */
  forward(characters: Tensor, state: Tensor): { readonly logits: Tensor; readonly state: Tensor } {
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
