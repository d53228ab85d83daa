/** Sequence length: what longer windows cost, and what they are good for. */

import { type CharacterConfig, CharacterTraining } from './common/characters.ts';
import { type Curve, curveOf, finalMean } from './common/curve.ts';
import type { Budget, Experiment, Measured, PartResult } from './common/experiment.ts';
import { mean, median } from './common/statistics.ts';
import { present } from './sequence-length/present.ts';

export interface Config extends CharacterConfig {
  /** Windows of each length are timed in so many rounds; 0 where a part trains. */
  readonly rounds: number;
  /** The lengths that are timed. */
  readonly lengths: readonly number[];
}

export interface Outcome {
  readonly loss: Curve;
  readonly meanNorm: number;
  readonly finalLoss: number;
}

const SIZES: Readonly<
  Record<
    Budget,
    {
      readonly hidden: number;
      readonly lengths: readonly number[];
      readonly windows: number;
      readonly seeds: number;
      readonly rounds: number;
    }
  >
> = {
  tiny: { hidden: 8, lengths: [2, 4, 8], windows: 40, seeds: 1, rounds: 1 },
  // Windows of the longest; shorter ones are more.
  quick: { hidden: 64, lengths: [5, 10, 25, 50, 100, 200], windows: 150, seeds: 2, rounds: 5 },
  full: { hidden: 100, lengths: [5, 10, 25, 50, 100, 200], windows: 1500, seeds: 5, rounds: 25 },
};

const BATCH = 8;

/** Truncated BPTT over windows of 5 to 200 steps. */
export const sequenceLength: Experiment<Config, Outcome | null> = {
  name: 'sequence-length',
  title: 'Sequence length',
  question:
    'Truncated BPTT takes gradients within windows of T characters; the state goes on from window to window. All networks read the same number of characters: what does T change in loss and gradient, and how does time grow with it?',

  parts(budget) {
    const { hidden, lengths, windows, seeds, rounds } = SIZES[budget];
    const longest = lengths.at(-1)!;
    const common = {
      corpus: 'moby-dick' as const,
      characters: 2_000_000,
      holdOut: 0,
      cell: 'rnn' as const,
      hidden,
      batch: BATCH,
      optimizer: 'adagrad' as const,
      lr: 0.05,
      clip: { by: 'norm' as const, at: 0.5 },
      init: 'xavier-normal' as const,
    };
    const trained = lengths.flatMap((steps) =>
      Array.from({ length: seeds }, (_, i) => ({
        ...common,
        steps,
        iterations: Math.round((windows * longest) / steps),
        seed: i + 1,
        rounds: 0,
        lengths: [],
      })),
    );
    return [...trained, { ...common, steps: longest, iterations: 0, seed: 1, rounds, lengths }];
  },

  alone: (config) => config.rounds > 0,

  run(config): PartResult<Outcome | null> {
    if (config.rounds > 0) return { outcome: null, measured: windowTimes(config) };
    const steps = new CharacterTraining(config).run();
    const losses = steps.map((step) => step.loss);
    return {
      outcome: {
        loss: curveOf(losses, 40),
        meanNorm: mean(steps.map((step) => step.norm)),
        finalLoss: finalMean(losses),
      },
    };
  },

  present,
};

/** Seconds that a training step takes, by T: medians over rounds, in each of which every length has its turn. */
function windowTimes(config: Config): Measured {
  const trainings = config.lengths.map((steps) => new CharacterTraining({ ...config, steps }));
  const longest = config.lengths.at(-1)!;
  const seconds = trainings.map((): number[] => []);
  for (let round = -1; round < config.rounds; round++) {
    trainings.forEach((training, i) => {
      const windows = Math.max(2, Math.round((8 * longest) / config.lengths[i]!));
      const start = performance.now();
      for (let window = 0; window < windows; window++) training.step();
      // The first round makes plans and warms up.
      if (round >= 0) seconds[i]!.push((performance.now() - start) / 1000 / windows);
    });
  }
  return Object.fromEntries(config.lengths.map((steps, i) => [`T${steps}`, median(seconds[i]!)]));
}
