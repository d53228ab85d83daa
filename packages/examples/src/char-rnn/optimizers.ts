/** The optimizers and learning-rate schedules of `train`, by name. */
import {
  Adagrad,
  Adam,
  AdamW,
  cosineDecay,
  exponentialDecay,
  linearWarmup,
  type Module,
  type Optimizer,
  oneCycle,
  RMSprop,
  type Schedule,
  SGD,
  stepDecay,
} from '@chronograd/nn';
import { ReduceLROnPlateau } from '@chronograd/nn/training';

/** The settings of optimizers. `epsilon` is Adagrad's. */
interface Rates {
  readonly lr: number;
  readonly epsilon: number;
  readonly epsilonInside: boolean;
}

type Maker = (model: Module, rates: Rates, schedule: Schedule) => Optimizer;

const MAKERS = {
  adagrad: (model, { lr, epsilon, epsilonInside }, schedule) =>
    new Adagrad(model, { lr, eps: epsilon, epsPlace: epsilonInside ? 'inside' : 'outside', schedule }),
  rmsprop: (model, { lr }, schedule) => new RMSprop(model, { lr, schedule }),
  adam: (model, { lr }, schedule) => new Adam(model, { lr, schedule }),
  adamw: (model, { lr }, schedule) => new AdamW(model, { lr, schedule }),
  sgd: (model, { lr }, schedule) => new SGD(model, { lr, schedule }),
} satisfies Readonly<Record<string, Maker>>;

export type OptimizerName = keyof typeof MAKERS;
export const OPTIMIZER_NAMES = Object.keys(MAKERS) as readonly OptimizerName[];

/** The learning rate of an optimizer that is given without one. Adagrad keeps the preset's. */
export const RATES: Readonly<Record<Exclude<OptimizerName, 'adagrad'>, number>> = {
  rmsprop: 0.002,
  adam: 0.004,
  adamw: 0.004,
  sgd: 1,
};

/** The share of the iterations in which the rate grows. */
const WARM_UP = 20;

/** Schedules over so many iterations. `plateau` is a constant that validations reduce. */
const SCHEDULES = {
  constant: () => () => 1,
  cosine: (iterations) => cosineDecay(iterations),
  'warmup-cosine': (iterations) => {
    const warmUp = Math.ceil(iterations / WARM_UP);
    return linearWarmup(warmUp, { after: cosineDecay(Math.max(1, iterations - warmUp)) });
  },
  // Down to a hundredth: e^−4.6.
  exponential: (iterations) => exponentialDecay(Math.max(0, 1 - 4.6 / iterations)),
  // A tenth after each third.
  step: (iterations) => stepDecay(Math.ceil(iterations / 3)),
  'one-cycle': (iterations) => oneCycle(iterations),
  plateau: () => () => 1,
} satisfies Readonly<Record<string, (iterations: number) => Schedule>>;

export type ScheduleName = keyof typeof SCHEDULES;
export const SCHEDULE_NAMES = Object.keys(SCHEDULES) as readonly ScheduleName[];

interface OptimizerConfiguration extends Rates {
  readonly optimizer: OptimizerName;
  readonly schedule: ScheduleName;
  readonly iterations: number;
}

export function optimizerOf(model: Module, configuration: OptimizerConfiguration): Optimizer {
  const { optimizer, schedule, iterations } = configuration;
  return MAKERS[optimizer](model, configuration, SCHEDULES[schedule](iterations));
}

/** Halves the rate after three held-out losses that are not better. Null: another schedule. */
export function plateauOf(
  optimizer: Optimizer,
  { schedule }: Pick<OptimizerConfiguration, 'schedule'>,
): ReduceLROnPlateau | null {
  return schedule === 'plateau' ? new ReduceLROnPlateau(optimizer, { factor: 0.5, patience: 2 }) : null;
}
