/** Character models, trained for an experiment: any optimizer and clipping, and a run that diverges ends in words, not in an error. */
import { type Gradients, type ValueAndGrads, valueAndGrad } from '@chronograd/autograd';
import { Adagrad, clipByGlobalNorm, clipByValue, crossEntropy, SGD, Streams } from '@chronograd/nn';
import { eye, type FloatDtype, type Parameter, plan, Random, scope, type Tensor } from '@chronograd/tensor';
import type { CellName } from '../../char-rnn/cells.ts';
import { CharModel } from '../../char-rnn/char-model.ts';
import { finiteNorm } from '../../char-rnn/gradient-norm.ts';
import type { Clip, Init } from '../../char-rnn/settings.ts';
import type { TrainingText } from '../../char-rnn/training-text.ts';
import { type TextConfig, textOf } from './texts.ts';

/** What decides a run. Plain data. */
export interface CharacterConfig extends TextConfig {
  readonly cell: CellName;
  readonly hidden: number;
  readonly steps: number;
  readonly batch: number;
  readonly optimizer: 'adagrad' | 'sgd';
  readonly lr: number;
  readonly clip: Clip;
  /** First weights; `identity`: Xavier's, and the identity for the recurrent matrix of an RNN. */
  readonly init: Init | 'identity';
  /** Windows to train on. */
  readonly iterations: number;
  readonly seed: number;
}

/** One training step: the mean loss of the window in nats, and the gradient's global norm before clipping. */
export interface TrainingStep {
  readonly loss: number;
  readonly norm: number;
}

/** A model in training. Equal configurations give equal bits. */
export class CharacterTraining {
  readonly config: CharacterConfig;
  readonly text: TrainingText;
  readonly model: CharModel;
  /** Goes on after the weights were drawn; for samples. */
  readonly random: Random;
  readonly #optimizer: Adagrad | SGD;
  readonly #streams: Streams;
  readonly #lossAndGrads: (
    x: Tensor,
    y: Tensor,
    state: unknown,
  ) => ValueAndGrads<Gradients<CharModel>, unknown>;
  #state: unknown;
  #diverged = false;

  constructor(config: CharacterConfig) {
    const { cell, hidden, optimizer, lr, batch, seed } = config;
    const init = config.init === 'identity' ? 'xavier-normal' : config.init;
    this.config = config;
    this.text = textOf(config);
    this.random = new Random(seed);
    const V = this.text.vocabulary.size;
    this.model = new CharModel(V, { cell, hidden, init, dtype: 'float32' }, this.random);
    if (config.init === 'identity') withIdentity(this.model);
    this.#optimizer =
      optimizer === 'sgd'
        ? new SGD(this.model, { lr })
        : new Adagrad(this.model, { lr, eps: 1e-8, epsPlace: 'inside' });
    this.#streams = new Streams(this.text.training, { batch: config.batch, steps: config.steps });
    this.#lossAndGrads = plan(
      valueAndGrad(this.model, (x: Tensor, y: Tensor, before: unknown) => {
        const { logits, state } = this.model.forward(x, before);
        return { value: crossEntropy(logits, y), aux: state };
      }),
    );
    this.#state = this.model.recurrent.initialState(batch);
  }

  /** Whether a loss or a gradient was not finite; then nothing is learned any more. */
  get diverged(): boolean {
    return this.#diverged;
  }

  /**
   * Trains on the next window.
   * @param look sees the gradients before clipping; they are gone when it returns
   * @returns null where the run has diverged
   */
  step(look?: (gradients: Gradients<CharModel>) => void): TrainingStep | null {
    if (this.#diverged) return null;
    const { inputs, targets, restarted } = this.#streams.next();
    if (restarted) this.#state = this.model.recurrent.initialState(this.config.batch);
    const done = scope(() => {
      const { value, grads, aux } = this.#lossAndGrads(inputs, targets, this.#state);
      const loss = value.item();
      const norm = Number.isFinite(loss) ? finiteNorm(grads) : null;
      if (norm === null) return { step: null, state: aux };
      look?.(grads);
      this.#optimizer.update(clipped(grads, this.config.clip));
      return { step: { loss, norm }, state: aux };
    });
    this.#state = done.state;
    this.#diverged = done.step === null;
    return done.step;
  }

  /** Trains to the end, or until it diverges. @returns each step's loss and norm */
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

function clipped(gradients: Gradients<CharModel>, clip: Clip): Gradients<CharModel> {
  if (clip === null) return gradients;
  return clip.by === 'value' ? clipByValue(gradients, clip.at) : clipByGlobalNorm(gradients, clip.at).grads;
}
