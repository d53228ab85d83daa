/** Character models, trained for an experiment. A run that diverges ends without an error. */
import type { Gradients } from '@chronograd/autograd';
import { Adagrad, globalNorm, SGD } from '@chronograd/nn';
import { eye, type FloatDtype, type Parameter, Random } from '@chronograd/tensor';
import type { CellName } from '../../char-rnn/cells.ts';
import { CharModel } from '../../char-rnn/char-model.ts';
import type { Clip, Init } from '../../char-rnn/settings.ts';
import type { TrainingText } from '../../char-rnn/training-text.ts';
import { CharTrainer, DivergedError } from './char-trainer.ts';
import { type TextConfig, textOf } from './texts.ts';

/** Configuration of a run. Plain data. */
export interface CharacterConfig extends TextConfig {
  readonly cell: CellName;
  readonly hidden: number;
  readonly steps: number;
  readonly batch: number;
  readonly optimizer: 'adagrad' | 'sgd';
  readonly lr: number;
  readonly clip: Clip;
  /** Initial weights. `identity`: Xavier's, with the identity as recurrent matrix of an RNN. */
  readonly init: Init | 'identity';
  /** Number of training steps. */
  readonly iterations: number;
  readonly seed: number;
}

export interface TrainingStep {
  /** Mean loss of the window in nats per character. */
  readonly loss: number;
  /** Global norm of the gradient before clipping. */
  readonly norm: number;
}

/** A model in training. Equal configurations give equal bits. */
export class CharacterTraining {
  readonly config: CharacterConfig;
  readonly text: TrainingText;
  readonly model: CharModel;
  /** The generator that drew the weights. For samples. */
  readonly random: Random;
  readonly #trainer: CharTrainer;
  #diverged = false;

  constructor(config: CharacterConfig) {
    const { cell, hidden, optimizer: kind, lr, seed } = config;
    const init = config.init === 'identity' ? 'xavier-normal' : config.init;
    this.config = config;
    this.text = textOf(config);
    this.random = new Random(seed);
    const V = this.text.vocabulary.size;
    this.model = new CharModel(V, { cell, hidden, init, dtype: 'float32' }, this.random);
    if (config.init === 'identity') withIdentity(this.model);
    const optimizer =
      kind === 'sgd'
        ? new SGD(this.model, { lr })
        : new Adagrad(this.model, { lr, eps: 1e-8, epsPlace: 'inside' });
    this.#trainer = new CharTrainer(this.model, optimizer, this.text.training, config);
  }

  /** True once a loss or a gradient was not finite. Training stops then. */
  get diverged(): boolean {
    return this.#diverged;
  }

  /**
   * Trains on the next window.
   * @param look receives the gradients before clipping; they are freed after the step
   * @returns null if the run has diverged
   */
  step(look?: (gradients: Gradients<CharModel>) => void): TrainingStep | null {
    if (this.#diverged) return null;
    let norm = Number.NaN;
    try {
      const loss = this.#trainer.step((gradients) => {
        norm = globalNorm(gradients);
        look?.(gradients);
      });
      return { loss, norm };
    } catch (error) {
      if (!(error instanceof DivergedError)) throw error;
      this.#diverged = true;
      return null;
    }
  }

  /** Trains to the end, or until the run diverges. @returns the steps */
  run(): TrainingStep[] {
    const steps: TrainingStep[] = [];
    for (let i = 0; i < this.config.iterations; i++) {
      const step = this.step();
      if (step === null) break;
      steps.push(step);
    }
    return steps;
  }
}

/** W_hh of a model with a plain recurrent cell, [H, H]. @throws Error for another cell */
export function recurrentMatrix(model: CharModel): Parameter {
  const found = model.namedParameters().find(([name]) => name === 'recurrent.cell.weightHh')?.[1];
  if (found === undefined) throw new Error('recurrentMatrix: the cell has no weightHh');
  return found;
}

/** Makes the recurrent matrix of an RNN the identity. */
export function withIdentity(model: CharModel): void {
  const matrix = recurrentMatrix(model);
  matrix.assign(eye(matrix.shape[0]!, { dtype: matrix.dtype as FloatDtype }));
}
