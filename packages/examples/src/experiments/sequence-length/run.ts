/** Sequence length: cost and benefit of longer windows. */
import { heldOutNats } from '../../char-rnn/evaluate.ts';
import { atOnce } from '../../char-rnn/progress/work.ts';
import { mean } from '../../common/statistics.ts';
import { type CharacterConfig, CharacterTraining } from '../common/characters.ts';
import { type Curve, curveOf, finalMean } from '../common/curve.ts';
import type { Budget, Measured, PartResult, Study } from '../common/experiment.ts';
import { stepSeconds } from '../common/timing.ts';
import { roundKey } from './times.ts';

export interface Config extends CharacterConfig {
  /** Points of a curve. */
  readonly points: number;
  /** Rounds in which windows are timed. 0 for a part that trains. */
  readonly rounds: number;
  /**
   * Lengths that are timed, and windows of the longest in a round. Others read as many characters.
   */
  readonly lengths: readonly number[];
  readonly windowsARound: number;
}

export interface Outcome {
  readonly loss: Curve;
  /** Mean gradient norm before clipping. */
  readonly meanNorm: number;
  /** On the training text, and on held-out text. */
  readonly finalLoss: number;
  readonly heldOutLoss: number;
  /** Characters of the training text. */
  readonly trained: number;
}

const SIZES: Readonly<
  Record<
    Budget,
    {
      /** Length of the text. */
      readonly characters: number;
      readonly hidden: number;
      readonly lengths: readonly number[];
      readonly windows: number;
      readonly seeds: number;
      readonly rounds: number;
    }
  >
> = {
  tiny: { characters: 20_000, hidden: 8, lengths: [2, 4, 8], windows: 40, seeds: 1, rounds: 2 },
  // `windows`: of the longest length. All lengths read as many characters.
  quick: {
    characters: 2_000_000,
    hidden: 64,
    lengths: [5, 10, 25, 50, 100, 200],
    windows: 150,
    seeds: 3,
    rounds: 21,
  },
  full: {
    characters: 2_000_000,
    hidden: 100,
    lengths: [5, 10, 25, 50, 100, 200],
    windows: 1500,
    seeds: 5,
    rounds: 25,
  },
};

const BATCH = 8;

/** Truncated BPTT over windows of 5 to 200 steps. */
export const study: Study<Config, Outcome | null> = {
  name: 'sequence-length',
  title: 'Sequence length',
  question:
    'Truncated BPTT computes gradients within windows of T characters; the state is carried over. All networks read the same number of characters. How do loss, gradient and time depend on T?',

  parts(budget) {
    const { characters, hidden, lengths, windows, seeds, rounds } = SIZES[budget];
    const longest = lengths.at(-1)!;
    const common = {
      corpus: 'moby-dick' as const,
      characters,
      holdOut: 0.02,
      cell: 'rnn' as const,
      hidden,
      batch: BATCH,
      optimizer: 'adagrad' as const,
      lr: 0.05,
      clip: { by: 'norm' as const, at: 0.5 },
      init: 'xavier-normal' as const,
      points: 40,
      windowsARound: budget === 'tiny' ? 2 : 16,
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

  async run(config): Promise<PartResult<Outcome | null>> {
    if (config.rounds > 0) return { outcome: null, measured: await windowTimes(config) };
    const training = new CharacterTraining(config);
    const steps = await training.run();
    const losses = steps.map((step) => step.loss);
    return {
      outcome: {
        loss: curveOf(losses, config.points, config.iterations),
        meanNorm: mean(steps.map((step) => step.norm)),
        finalLoss: training.diverged ? Number.NaN : finalMean(losses),
        heldOutLoss: atOnce(heldOutNats(training.model, training.text.heldOut)),
        trained: training.text.training.length,
      },
    };
  },
};

/** Seconds of a training step, by T and round. */
async function windowTimes({ lengths, windowsARound, rounds, ...config }: Config): Promise<Measured> {
  const trainings = lengths.map((steps) => new CharacterTraining({ ...config, steps }));
  const longest = lengths.at(-1)!;
  const seconds = await stepSeconds(trainings, rounds, (i) =>
    Math.max(2, Math.round((windowsARound * longest) / lengths[i]!)),
  );
  return Object.fromEntries(
    lengths.flatMap((steps, i) => seconds[i]!.map((each, round) => [roundKey(steps, round), each])),
  );
}
