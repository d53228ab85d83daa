/** One training run: `fit` over the windows of a text. Shows and saves nothing itself. */
import { globalNorm, type Optimizer } from '@chronograd/nn';
import { Streams } from '@chronograd/nn/data';
import type { Workers } from '@chronograd/nn/parallel';
import { nodeWorkers } from '@chronograd/nn/parallel/node';
import {
  CheckpointError,
  type Fit,
  type Clip as FitClip,
  type FitEvent,
  type FitSettings,
  type FitSnapshot,
  fit,
  NonFiniteStepError,
  streamBatches,
} from '@chronograd/nn/training';
import { kernelsInUse, Random, type RandomState } from '@chronograd/tensor';
import { mapTensors } from '@chronograd/tensor/engine';
import { RunFailure, UsageError } from '../cli/errors.ts';
import { CharModel } from './char-model.ts';
import type { Json } from './checkpoint-files.ts';
import { heldOutNats } from './evaluate.ts';
import { optimizerOf, plateauOf } from './optimizers.ts';
import { silently, type Work, withPauses } from './progress/work.ts';
import { lossOf, type ReplicaData } from './replica.ts';
import type { SamplingStart } from './sampling.ts';
import type { Clip, TrainConfiguration } from './settings.ts';
import type { TrainingText } from './training-text.ts';

/** The state of a run, except its tensors. */
export interface TrainerState {
  /** Completed steps. */
  readonly iteration: number;
  readonly smoothedLoss: number;
  /** The random number generator of samples. */
  readonly random: RandomState;
  /** The kernels in use. */
  readonly kernels: string;
  /** The state of `fit`. */
  readonly fit: Json;
}

/** Tensors by the names in a snapshot of `fit`. */
export type SavedTensors = FitSnapshot['tensors'];

/** With the text and the configuration, all that a run needs to continue bit for bit. */
export interface Snapshot {
  readonly state: TrainerState;
  readonly tensors: SavedTensors;
}

/** What runs between parts of long work and around each step, and receives its gradients. */
export interface Hooks extends Pick<FitSettings<[]>, 'around' | 'inspect'> {
  /** Called while a text is read, and during validations. */
  readonly work?: Work;
  /** Steps have their gradient norm. Default: null. */
  readonly gradientNorms?: boolean;
  /** The threads that compute the shards. Default: 1. */
  readonly workers?: number;
}

/** Clipping as an option of `fit`. */
export const clipForFit = (clip: Clip): FitClip | null =>
  clip === null ? null : clip.by === 'norm' ? { norm: clip.at } : { value: clip.at };

/** Held-out characters of each evaluation during training. */
const EVALUATED = 20_000;

/** A model, its optimizer and the position in the text. Equal arguments give equal bits. */
export class Trainer implements AsyncIterable<FitEvent> {
  readonly configuration: TrainConfiguration;
  readonly text: TrainingText;
  readonly model: CharModel;
  readonly optimizer: Optimizer;
  /** For samples. Training draws nothing from it after the initial weights. */
  random: Random;
  readonly #streams: Streams;
  readonly #fit: Fit<unknown>;
  /** The loss of a window divided by this is that of a character. */
  readonly #charactersInLoss: number;
  #smoothedLoss: number;
  readonly #norms: boolean;
  #norm: number | null = null;

  /** @param hooks of `fit` */
  constructor(text: TrainingText, configuration: TrainConfiguration, hooks: Hooks = {}) {
    const { batch, steps, reduction, seed, resetAtEnd, clip, shards, evalEvery } = configuration;
    const { around, inspect, work = silently, gradientNorms = false, workers = 1 } = hooks;
    this.configuration = configuration;
    this.text = text;
    this.#norms = gradientNorms;
    this.random = new Random(seed);
    const model = new CharModel(text.vocabulary.size, configuration, this.random);
    this.model = model;
    this.optimizer = optimizerOf(model, configuration);
    this.#streams = new Streams(text.training, { batch, steps });
    const measure = async (): Promise<number> => {
      const parts = heldOutNats(model, text.heldOut.subarray(0, EVALUATED));
      return ((await withPauses(parts, 'evaluating on held-out text', work)) ?? Number.NaN) / Math.LN2;
    };
    this.#fit = fit({
      ...(around === undefined ? {} : { around }),
      inspect: (gradients, step) => {
        if (gradientNorms && clip?.by === 'value') this.#norm = globalNorm(gradients);
        inspect?.(gradients, step);
      },
      model,
      optimizer: this.optimizer,
      batches: streamBatches(this.#streams, { resetAtEnd }),
      steps: configuration.iterations,
      initialState: () => model.initialState(batch),
      loss: lossOf(model, configuration),
      shards: { count: shards, reduction },
      workers: workers === 1 ? null : workersOf(text, configuration, workers),
      clip: clipForFit(clip),
      validation:
        evalEvery === 0 ? null : { every: evalEvery, measure, patience: configuration.patience ?? Infinity },
      plateau: plateauOf(this.optimizer, configuration),
    });
    this.#charactersInLoss = reduction === 'sum' ? steps * batch : 1;
    this.#smoothedLoss = Math.log(text.vocabulary.size) * this.#charactersInLoss;
  }

  get iteration(): number {
    return this.#fit.step;
  }

  get smoothedLoss(): number {
    return this.#smoothedLoss;
  }

  /** The smoothed loss as bits per character. */
  get bitsPerCharacter(): number {
    return this.bitsOf(this.#smoothedLoss);
  }

  /** The loss of a window as bits per character. */
  bitsOf(loss: number): number {
    return loss / (this.#charactersInLoss * Math.LN2);
  }

  /** Ends the run before the next step. Iterating again continues it. */
  stop(): void {
    this.#fit.stop();
  }

  /**
   * Trains, and yields the events of `fit`. Validations are in bits per character.
   * @throws RunFailure if the loss or a gradient is not finite; the parameters are then unchanged
   */
  async *[Symbol.asyncIterator](): AsyncGenerator<FitEvent, void, undefined> {
    const { smoothing } = this.configuration;
    try {
      for await (const event of this.#fit) {
        if (event.type === 'step')
          this.#smoothedLoss = smoothing * this.#smoothedLoss + (1 - smoothing) * event.loss;
        yield event.type === 'step' ? { ...event, gradientNorm: this.#normOf(event.gradientNorm) } : event;
      }
    } catch (error) {
      if (!(error instanceof NonFiniteStepError)) throw error;
      const { step, parameter } = error;
      const what = parameter === null ? 'loss' : `gradient of ${parameter}`;
      throw new RunFailure(
        `training diverged in iteration ${step}: the ${what} is not finite; lower --lr, or clip more with --clip or --clip-norm`,
      );
    }
  }

  #normOf(norm: number | null): number | null {
    return this.#norms ? (norm ?? this.#norm) : null;
  }

  /** Where samples of min-char-rnn start: the state and the next character of the first stream. */
  samplingStart(): SamplingStart {
    const { ended, position } = this.#streams;
    const state =
      ended && this.configuration.resetAtEnd
        ? this.model.initialState(1)
        : mapTensors('samplingStart', this.#fit.carried, (leaf) => leaf.slice([0, 1]));
    return { state, character: this.text.training[ended ? 0 : position] ?? 0 };
  }

  /** A copy of the current state. */
  snapshot(): Snapshot {
    const { state, tensors } = this.#fit.snapshot();
    return {
      state: {
        iteration: this.iteration,
        smoothedLoss: this.#smoothedLoss,
        random: this.random.state,
        kernels: kernelsInUse(),
        fit: state,
      },
      tensors,
    };
  }

  /**
   * Continues from a snapshot.
   * @throws UsageError if a tensor is missing, or has another shape or dtype
   */
  restore({ state, tensors }: Snapshot): void {
    try {
      this.#fit.restore({ state: state.fit, tensors });
    } catch (error) {
      if (!(error instanceof CheckpointError)) throw error;
      throw new UsageError(`the saved model is damaged: ${error.message}`);
    }
    this.#smoothedLoss = state.smoothedLoss;
    this.random = Random.fromState(state.random);
  }
}

function workersOf(text: TrainingText, configuration: TrainConfiguration, count: number): Workers {
  const data: ReplicaData = { vocabularySize: text.vocabulary.size, configuration };
  return nodeWorkers(new URL('./replica.js', import.meta.url), { count, data });
}
