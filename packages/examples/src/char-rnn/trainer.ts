/** Training, step by step: what is computed, and nothing of what is shown or saved. */
import type { Gradients } from '@chronograd/autograd';
import { Adagrad } from '@chronograd/nn';
import { kernelsInUse, type Parameter, Random, type RandomState } from '@chronograd/tensor';
import { mapTensors } from '@chronograd/tensor/engine';
import { CharModel } from './char-model.ts';
import { CharTrainer, DivergedError } from './char-trainer.ts';
import type { TrainConfiguration } from './configuration.ts';
import { RunFailure } from './run-failure.ts';
import type { SamplingStart } from './sampling.ts';
import { assignSaved, type SavedTensors, savedState, savedTensor, stateLike } from './saved-tensors.ts';
import type { TrainingText } from './training-text.ts';

/** Where a run stands, all but its tensors. */
export interface TrainerState {
  /** Steps done. */
  readonly iteration: number;
  readonly smoothedLoss: number;
  /** Where the next window begins in each stream. */
  readonly position: number;
  /** The random numbers that samples are drawn with. */
  readonly random: RandomState;
  /** The kernels in use. */
  readonly kernels: string;
}

/** Everything that a run needs in order to go on, bit for bit, besides its text and its configuration. */
export interface Snapshot {
  readonly state: TrainerState;
  /** Parameters by their names, Adagrad's accumulators with `adagrad.` before them, and the cell's state: `hidden`, or `hidden.h`, `hidden.c`. */
  readonly tensors: SavedTensors;
}

/** One run: a model, its optimizer, and the place in the text. Equal text and configuration give equal bits. */
export class Trainer {
  readonly configuration: TrainConfiguration;
  readonly text: TrainingText;
  readonly model: CharModel;
  readonly optimizer: Adagrad;
  /** For samples: training itself draws nothing once the weights have their first values. */
  random: Random;
  readonly #trainer: CharTrainer;
  /** What a window's loss is divided by to make it one character's. */
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

  /** A window's loss as bits per character. */
  bitsOf(loss: number): number {
    return loss / (this.#charactersInLoss * Math.LN2);
  }

  /**
   * Trains on the next window.
   * @param look sees the gradients before clipping; they are gone when it returns
   * @returns the window's loss, the sum or the mean over its characters as configured, in nats
   * @throws RunFailure where the loss or a gradient is not finite; the parameters are then as they were before the step
   */
  step(look?: (gradients: Gradients<CharModel>) => void): number {
    const { smoothing } = this.configuration;
    const loss = this.#finiteStep(look);
    this.#smoothedLoss = smoothing * this.#smoothedLoss + (1 - smoothing) * loss;
    this.#iteration++;
    return loss;
  }

  /** Where min-char-rnn's samples start: the state of the first stream, and the character that it reads next. */
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

  /** Everything as it is now; it stays so while training goes on. */
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
   * Goes on from a snapshot as its run would have.
   * @throws UsageError if a tensor is missing, or its shape or dtype is another
   */
  restore({ state, tensors }: Snapshot): void {
    for (const [name, parameter] of this.#persistent()) assignSaved(name, parameter, tensors);
    this.#trainer.state = stateLike(this.#trainer.state, tensors);
    this.#iteration = state.iteration;
    this.#smoothedLoss = state.smoothedLoss;
    this.#trainer.streams.seek(state.position);
    this.random = Random.fromState(state.random);
  }
  /** What lives on from step to step, by the names it is saved under. */
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
