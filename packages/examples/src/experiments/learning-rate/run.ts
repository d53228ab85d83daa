/** Learning rates: what a range test suggests, and how training goes around it. */
import { type CharacterConfig, CharacterTraining } from '../common/characters.ts';
import { finalMean } from '../common/curve.ts';
import type { Budget, PartResult, Study } from '../common/experiment.ts';

export interface Config extends Omit<CharacterConfig, 'lr'> {
  /** The test: its first and last rate, and its updates. */
  readonly low: number;
  readonly high: number;
  readonly tested: number;
  /** The network then trains at the suggested rate times each of them. */
  readonly factors: readonly number[];
}

export interface Outcome {
  /** The rates of the test, and the smoothed losses in nats. */
  readonly rates: readonly number[];
  readonly smoothed: readonly number[];
  readonly suggestion: number | null;
  /**
   * Mean losses over the last tenth of the trainings. Null for one that diverged to a value that is
   * not finite, and without a suggestion.
   */
  readonly finals: readonly (number | null)[];
}

const OPTIMIZERS = ['sgd', 'adagrad', 'adam'] as const;

const SIZES: Readonly<
  Record<
    Budget,
    {
      readonly hidden: number;
      readonly tested: number;
      readonly iterations: number;
      readonly seeds: number;
    }
  >
> = {
  tiny: { hidden: 8, tested: 20, iterations: 20, seeds: 2 },
  quick: { hidden: 32, tested: 100, iterations: 400, seeds: 4 },
  full: { hidden: 64, tested: 100, iterations: 4000, seeds: 8 },
};

/** A range test of three optimizers, and trainings at the rates that it suggests. */
export const study: Study<Config, Outcome> = {
  name: 'learning-rate',
  title: 'Learning rate',
  question:
    'An LSTM reads a hundred windows of Moby Dick while the learning rate grows. Is the rate at which the loss falls fastest a good one, and do seeds agree on it?',

  parts(budget) {
    const { hidden, tested, iterations, seeds } = SIZES[budget];
    return OPTIMIZERS.flatMap((optimizer) =>
      Array.from({ length: seeds }, (_, i) => ({
        corpus: 'moby-dick' as const,
        characters: 1_000_000,
        holdOut: 0,
        cell: 'lstm' as const,
        hidden,
        steps: 25,
        batch: 8,
        optimizer,
        clip: null,
        init: 'pytorch' as const,
        iterations,
        seed: i + 1,
        low: 1e-5,
        high: 100,
        tested,
        factors: [0.1, 1, 10],
      })),
    );
  },

  async run({ low, high, tested, factors, ...config }): Promise<PartResult<Outcome>> {
    const test = new CharacterTraining({ ...config, lr: low });
    const { rates, smoothed, suggestion } = await test.rangeTest({ low, high, steps: tested });
    const finals: (number | null)[] = [];
    for (const factor of factors)
      finals.push(suggestion === null ? null : await final(config, factor * suggestion));
    return { outcome: { rates, smoothed, suggestion, finals } };
  },
};

/** The loss at the end of a training. Null if it diverged. */
async function final(config: Omit<CharacterConfig, 'lr'>, lr: number): Promise<number | null> {
  const training = new CharacterTraining({ ...config, lr });
  const losses = (await training.run()).map(({ loss }) => loss);
  return training.diverged ? null : finalMean(losses);
}
