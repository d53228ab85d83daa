/** Character models, trained for an experiment. A run that diverges ends without an error. */
import type { Gradients } from '@chronograd/autograd';
import { Adagrad, Adam, globalNorm, type Optimizer, SGD } from '@chronograd/nn';
import { Streams } from '@chronograd/nn/data';
import {
  type Fit,
  fit,
  type LRRangeTest,
  type LRRangeTestSettings,
  lrRangeTest,
  NonFiniteStepError,
  streamBatches,
} from '@chronograd/nn/training';
import { eye, type FloatDtype, type Parameter, Random, type Tensor } from '@chronograd/tensor';
import type { CellName } from '../../char-rnn/cells.ts';
import { CharModel } from '../../char-rnn/char-model.ts';
import type { Clip, Init } from '../../char-rnn/settings.ts';
import { clipForFit } from '../../char-rnn/trainer.ts';
import type { TrainingText } from '../../char-rnn/training-text.ts';
import { type TextConfig, textOf } from './texts.ts';

/** Configuration of a run. Plain data. */
export interface CharacterConfig extends TextConfig {
  readonly cell: CellName;
  readonly hidden: number;
  readonly steps: number;
  readonly batch: number;
  readonly optimizer: 'adagrad' | 'adam' | 'sgd';
  readonly lr: number;
  readonly clip: Clip;
  /** Initial weights. `identity`: Xavier's, with the identity as recurrent matrix of an RNN. */
  readonly init: Init | 'identity';
  /** Number of training steps. */
  readonly iterations: number;
  readonly seed: number;
}

type Look = (gradients: Gradients<CharModel>) => void;

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
  readonly #fit: Fit<unknown>;
  /** Losses at growing learning rates. The training is as before then. */
  readonly rangeTest: (settings: LRRangeTestSettings) => Promise<LRRangeTest>;
  #diverged = false;
  #look: Look | undefined;
  /** The norm of the last gradients. */
  #norm = Number.NaN;

  constructor(config: CharacterConfig) {
    const { cell, hidden, seed, batch, steps, clip } = config;
    const init = config.init === 'identity' ? 'xavier-normal' : config.init;
    this.config = config;
    this.text = textOf(config);
    this.random = new Random(seed);
    const V = this.text.vocabulary.size;
    const model = new CharModel(V, { cell, hidden, init, dtype: 'float32' }, this.random);
    this.model = model;
    if (config.init === 'identity') withIdentity(model);
    const options = {
      model,
      optimizer: optimizerOf(model, config),
      batches: streamBatches(new Streams(this.text.training, { batch, steps })),
      initialState: () => model.initialState(batch),
      loss: (x: Tensor, y: Tensor, before: unknown) => model.loss(x, y, before),
      clip: clipForFit(clip),
      check: false,
    };
    const inspect = (gradients: object): void => {
      this.#norm = globalNorm(gradients);
      this.#look?.(gradients as Gradients<CharModel>);
    };
    this.#fit = fit({ ...options, inspect });
    this.rangeTest = (settings) => lrRangeTest({ ...options, ...settings });
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
  async step(look?: Look): Promise<TrainingStep | null> {
    if (this.#diverged) return null;
    this.#look = look;
    try {
      for await (const event of this.#fit)
        if (event.type === 'step') return { loss: event.loss, norm: this.#norm };
    } catch (error) {
      if (!(error instanceof NonFiniteStepError)) throw error;
      this.#diverged = true;
    }
    return null;
  }

  /** Trains to the end, or until the run diverges. @returns the steps */
  async run(): Promise<TrainingStep[]> {
    const steps: TrainingStep[] = [];
    for (let i = 0; i < this.config.iterations; i++) {
      const step = await this.step();
      if (step === null) break;
      steps.push(step);
    }
    return steps;
  }
}

function optimizerOf(model: CharModel, { optimizer, lr }: CharacterConfig): Optimizer {
  if (optimizer === 'adam') return new Adam(model, { lr });
  return optimizer === 'sgd'
    ? new SGD(model, { lr })
    : new Adagrad(model, { lr, eps: 1e-8, epsPlace: 'inside' });
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
