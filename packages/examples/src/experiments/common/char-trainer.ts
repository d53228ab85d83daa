/**
 * Truncated BPTT over a text, one step at a call: experiments time single steps, and look between
 * them. `train` uses `fit`.
 */
import { type Gradients, type ValueAndGrads, valueAndGrad } from '@chronograd/autograd';
import {
  clipByGlobalNorm,
  clipByValue,
  crossEntropy,
  globalNorm,
  NonFiniteGradientError,
  type Optimizer,
} from '@chronograd/nn';
import { type Indices, Streams } from '@chronograd/nn/data';
import { plan, scope, type Tensor } from '@chronograd/tensor';
import type { CharModel } from '../../char-rnn/char-model.ts';
import type { Clip } from '../../char-rnn/settings.ts';

/** Options of {@link CharTrainer}. */
export interface CharTrainerOptions {
  /** B, the streams of the text that are read in parallel. */
  readonly batch: number;
  /** T, the time steps of a window. */
  readonly steps: number;
  /** Default: null, no clipping. */
  readonly clip?: Clip;
  /** Reduction of the loss over the characters of a window. Default: 'mean'. */
  readonly reduction?: 'sum' | 'mean';
  /** Resets the state to zeros where the text restarts. Default: true. */
  readonly resetAtEnd?: boolean;
}

/** A loss or a gradient is not finite. The parameters are as they were before the step. */
export class DivergedError extends Error {
  override readonly name = 'DivergedError';
}

type LossAndGrads = (x: Tensor, y: Tensor, state: unknown) => ValueAndGrads<Gradients<CharModel>, unknown>;

type Look = (gradients: Gradients<CharModel>) => void;

/** A model, its optimizer and a text. Equal arguments give equal bits. */
export class CharTrainer {
  readonly model: CharModel;
  readonly optimizer: Optimizer;
  readonly streams: Streams;
  /** The cell's state after the last window. */
  state: unknown;
  readonly #options: CharTrainerOptions;
  readonly #lossAndGrads: LossAndGrads;

  /** @param characters the text, as indices of characters */
  constructor(model: CharModel, optimizer: Optimizer, characters: Indices, options: CharTrainerOptions) {
    const { batch, steps, reduction = 'mean' } = options;
    this.model = model;
    this.optimizer = optimizer;
    this.streams = new Streams(characters, { batch, steps });
    this.state = model.initialState(batch);
    this.#options = options;
    const loss = (x: Tensor, y: Tensor, before: unknown) => {
      const { logits, state } = model.forward(x, before);
      return { value: crossEntropy(logits, y, { reduction }), aux: state };
    };
    this.#lossAndGrads = plan(valueAndGrad(model, loss));
  }

  /**
   * Trains on the next window.
   * @param look receives the gradients before clipping; they are freed after the step
   * @returns the loss of the window in nats: the sum or the mean over its characters
   * @throws DivergedError if the loss or a gradient is not finite, or `look` throws a
   * NonFiniteGradientError
   */
  step(look?: Look): number {
    const { inputs, targets, restarted } = this.streams.next();
    const { batch, resetAtEnd = true } = this.#options;
    if (restarted && resetAtEnd) this.state = this.model.initialState(batch);
    // One scope around the step: gradients reach the optimizer without a copy, and only the next
    // state is copied out.
    const { loss, state } = scope(() => {
      const { value, grads, aux } = this.#lossAndGrads(inputs, targets, this.state);
      const loss = value.item();
      if (!Number.isFinite(loss)) throw new DivergedError(`the loss is ${loss}`);
      this.optimizer.update(this.#clipped(grads, look));
      return { loss, state: aux };
    });
    this.state = state;
    return loss;
  }

  #clipped(gradients: Gradients<CharModel>, look: Look | undefined): Gradients<CharModel> {
    const { clip = null } = this.#options;
    try {
      look?.(gradients);
      if (clip?.by === 'value') return clipByValue(gradients, clip.at);
      if (clip?.by === 'norm') return clipByGlobalNorm(gradients, clip.at).grads;
      // Without clipping, a gradient that is not finite would still ruin the parameters.
      globalNorm(gradients);
      return gradients;
    } catch (error) {
      if (!(error instanceof NonFiniteGradientError)) throw error;
      throw new DivergedError(`the gradient of ${error.parameter} is not finite`);
    }
  }
}
