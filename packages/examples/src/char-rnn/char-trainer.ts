/** Truncated BPTT over a text: the training step that `train` and the experiments share. */
import { type Gradients, type ValueAndGrads, valueAndGrad } from '@chronograd/autograd';
import {
  checkTraining,
  clipByGlobalNorm,
  clipByValue,
  crossEntropy,
  globalNorm,
  NonFiniteGradientError,
  type Optimizer,
} from '@chronograd/nn';
import { Streams } from '@chronograd/nn/data';
import { plan, scope, type Tensor } from '@chronograd/tensor';
import type { CharModel } from './char-model.ts';
import type { Clip } from './settings.ts';

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
  /** Checks the model, and the plan of the step, in the first step. Default: false. */
  readonly check?: boolean;
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
  /** Runs before the first step only. */
  #check: ((x: Tensor, y: Tensor) => void) | null = null;

  /** @param characters the text, as indices of characters */
  constructor(model: CharModel, optimizer: Optimizer, characters: Int32Array, options: CharTrainerOptions) {
    const { batch, steps, reduction = 'mean', check = false } = options;
    this.model = model;
    this.optimizer = optimizer;
    this.streams = new Streams(characters, { batch, steps });
    this.state = model.recurrent.initialState(batch);
    this.#options = options;
    const loss = (x: Tensor, y: Tensor, before: unknown) => {
      const { logits, state } = model.forward(x, before);
      return { value: crossEntropy(logits, y, { reduction }), aux: state };
    };
    this.#lossAndGrads = plan(valueAndGrad(model, loss), { verify: check ? 1 : 0 });
    if (check) this.#check = (x, y) => checkTraining(model, loss, [x, y, this.state]);
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
    if (restarted && resetAtEnd) this.state = this.model.recurrent.initialState(batch);
    this.#check?.(inputs, targets);
    this.#check = null;
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
