/** Synthetic tasks that need memory. */
import { valueAndGrad } from '@chronograd/autograd';
import {
  Adam,
  type AnyCell,
  clipByGlobalNorm,
  crossEntropy,
  Linear,
  LSTMCell,
  Module,
  mse,
  NonFiniteGradientError,
  Recurrent,
} from '@chronograd/nn';
import { plan, Random, scope, type Tensor } from '@chronograd/tensor';
import type { CellName } from '../../char-rnn/cells.ts';
import { CELLS } from '../../char-rnn/cells.ts';
import { COPIED, type ProblemConfig, problemOf, SYMBOLS, type TaskName } from './problems.ts';

/** Configuration of a run. Plain data. */
export interface TaskConfig extends ProblemConfig {
  readonly cell: CellName;
  readonly hidden: number;
  readonly lr: number;
  /** Maximum steps. A run ends when its task is solved. */
  readonly iterations: number;
  readonly seed: number;
}

export interface TaskOutcome {
  /** Step at which the smoothed loss fell below {@link SOLVED}. Null if it did not. */
  readonly solvedAt: number | null;
  /** Final smoothed loss relative to the loss without memory. */
  readonly finalShare: number;
}

/** A task is solved if the smoothed loss is below this share of the loss without memory. */
export const SOLVED = 0.1;

/**
 * Losses without memory: variance of the sum of two numbers in 0 … 1, and entropy of one of four
 * symbols.
 */
const WITHOUT_MEMORY: Readonly<Record<TaskName, number>> = { adding: 1 / 6, copy: Math.log(4) };

const SMOOTHING = 0.95;

/** A recurrent network with a linear output. */
class TaskModel extends Module {
  readonly recurrent: Recurrent<AnyCell>;
  readonly decoder: Linear;

  constructor({ task, cell, hidden }: TaskConfig, random: Random) {
    super();
    const inputs = task === 'adding' ? 2 : SYMBOLS + 2;
    const made =
      cell === 'lstm'
        ? // A forget bias of 1 opens the forget gate at the start.
          new LSTMCell(inputs, hidden, { random, biases: 1, forgetBias: 1 })
        : CELLS[cell](inputs, hidden, { random });
    this.recurrent = new Recurrent(made);
    this.decoder = new Linear(hidden, task === 'adding' ? 1 : SYMBOLS, { random });
  }

  loss(task: TaskName, inputs: Tensor, targets: Tensor): Tensor {
    const { outputs } = this.recurrent.forward(inputs);
    if (task === 'adding') return mse(this.decoder.forward(outputs.select(-1)), targets);
    return crossEntropy(
      this.decoder.forward(outputs.slice([outputs.shape[0]! - COPIED, outputs.shape[0]!])),
      targets,
    );
  }
}

/** Trains until the task is solved, or for all steps. */
export function learnTask(config: TaskConfig): TaskOutcome {
  const random = new Random(config.seed);
  const model = new TaskModel(config, random);
  const optimizer = new Adam(model, { lr: config.lr });
  const lossAndGrads = plan(valueAndGrad(model, (x: Tensor, y: Tensor) => model.loss(config.task, x, y)));
  const alone = WITHOUT_MEMORY[config.task];
  let share = 1;
  for (let i = 1; i <= config.iterations; i++) {
    const { inputs, targets } = problemOf(config, random);
    const loss = scope(() => {
      const { value, grads } = lossAndGrads(inputs, targets);
      try {
        optimizer.update(clipByGlobalNorm(grads, 1).grads);
      } catch (error) {
        if (error instanceof NonFiniteGradientError) return Number.NaN;
        throw error;
      }
      return value.item();
    });
    if (Number.isNaN(loss)) return { solvedAt: null, finalShare: Number.NaN };
    share = SMOOTHING * share + (1 - SMOOTHING) * (loss / alone);
    if (share < SOLVED) return { solvedAt: i, finalShare: share };
  }
  return { solvedAt: null, finalShare: share };
}
