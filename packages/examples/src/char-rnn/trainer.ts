/** One training run: steps, snapshots and restoring. Shows and saves nothing itself. */
import type { Gradients } from '@chronograd/autograd';
import { Adagrad } from '@chronograd/nn';
import { kernelsInUse, type Parameter, Random, type RandomState } from '@chronograd/tensor';
import { mapTensors } from '@chronograd/tensor/engine';
import { RunFailure } from '../cli/errors.ts';
import { CharModel } from './char-model.ts';
import { CharTrainer, DivergedError } from './char-trainer.ts';
import type { SamplingStart } from './sampling.ts';
import { assignSaved, type SavedTensors, savedState, savedTensor, stateLike } from './saved-tensors.ts';
import type { TrainConfiguration } from './settings.ts';
import type { TrainingText } from './training-text.ts';

/** The state of a run, except its tensors. */
export interface TrainerState {
  /** Completed steps. */
  readonly iteration: number;
  readonly smoothedLoss: number;
  /** Start of the next window in each stream. */
  readonly position: number;
  /** The random number generator of samples. */
  readonly random: RandomState;
  /** The kernels in use. */
  readonly kernels: string;
}

/** With the text and the configuration, all that a run needs to continue bit for bit. */
export interface Snapshot {
  readonly state: TrainerState;
  /**
   * Parameters by name, Adagrad accumulators with the prefix `adagrad.`, and the cell's state:
   * `hidden`, or `hidden.h` and `hidden.c`.
   */
  readonly tensors: SavedTensors;
}

/** A model, its optimizer and the position in the text. Equal arguments give equal bits. */
export class Trainer {
  readonly configuration: TrainConfiguration;
  readonly text: TrainingText;
  readonly model: CharModel;
  readonly optimizer: Adagrad;
  /** For samples. Training draws nothing after the initial weights. */
  random: Random;
  readonly #trainer: CharTrainer;
  /** The loss of a window divided by this is that of a character. */
  readonly #charactersInLoss: number;
  #iteration = 0;
  #smoothedLoss: number;

  constructor(text: TrainingText, configuration: TrainConfiguration) {
    const { batch, steps, lr, epsilon, epsilonInside, reduction, seed } = configuration;
    this.configuration = configuration;
    this.text = text;
    this.random = new Random(seed);
    this.model = new CharModel(text.vocabulary.size, configuration, this.random);
    const epsPlace = epsilonInside ? 'inside' : 'outside';
    this.optimizer = new Adagrad(this.model, { lr, eps: epsilon, epsPlace });
    const options = { ...configuration, check: true };
    this.#trainer = new CharTrainer(this.model, this.optimizer, text.training, options);
    this.#charactersInLoss = reduction === 'sum' ? steps * batch : 1;
    this.#smoothedLoss = Math.log(text.vocabulary.size) * this.#charactersInLoss;
  }

  get iteration(): number {
    return this.#iteration;
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

  /**
   * Trains on the next window.
   * @param look receives the gradients before clipping; they are freed after the step
   * @returns the loss of the window in nats, reduced as configured
   * @throws RunFailure if the loss or a gradient is not finite; the parameters are then unchanged
   */
  step(look?: (gradients: Gradients<CharModel>) => void): number {
    const { smoothing } = this.configuration;
    const loss = this.#finiteStep(look);
    this.#smoothedLoss = smoothing * this.#smoothedLoss + (1 - smoothing) * loss;
    this.#iteration++;
    return loss;
  }

  /** Where samples of min-char-rnn start: the state and the next character of the first stream. */
  samplingStart(): SamplingStart {
    const { recurrent } = this.model;
    const { state: current, streams } = this.#trainer;
    const { ended, position } = streams;
    const state =
      ended && this.configuration.resetAtEnd
        ? recurrent.initialState(1)
        : mapTensors('samplingStart', current, (leaf) => leaf.slice([0, 1]));
    return { state, character: this.text.training[ended ? 0 : position] ?? 0 };
  }

  /** A copy of the current state. */
  snapshot(): Snapshot {
    const tensors = new Map(savedState(this.#trainer.state));
    for (const [name, parameter] of this.#persistent()) tensors.set(name, savedTensor(parameter));
    const state = {
      iteration: this.#iteration,
      smoothedLoss: this.#smoothedLoss,
      position: this.#trainer.streams.position,
      random: this.random.state,
      kernels: kernelsInUse(),
    };
    return { state, tensors };
  }

  /**
   * Continues from a snapshot.
   * @throws UsageError if a tensor is missing, or has another shape or dtype
   */
  restore({ state, tensors }: Snapshot): void {
    for (const [name, parameter] of this.#persistent()) assignSaved(name, parameter, tensors);
    this.#trainer.state = stateLike(this.#trainer.state, tensors);
    this.#iteration = state.iteration;
    this.#smoothedLoss = state.smoothedLoss;
    this.#trainer.streams.seek(state.position);
    this.random = Random.fromState(state.random);
  }

  /** What a step updates, by the name in the saved file. */
  #persistent(): [name: string, parameter: Parameter][] {
    const accumulators = [...this.optimizer.accumulators];
    return [
      ...this.model.namedParameters(),
      ...accumulators.map(([name, each]): [string, Parameter] => [`adagrad.${name}`, each]),
    ];
  }

  #finiteStep(look?: (gradients: Gradients<CharModel>) => void): number {
    try {
      return this.#trainer.step(look);
    } catch (error) {
      if (!(error instanceof DivergedError)) throw error;
      throw new RunFailure(
        `training diverged in iteration ${this.#iteration + 1}: ${error.message}; lower --lr, or clip more with --clip or --clip-norm`,
      );
    }
  }
}
