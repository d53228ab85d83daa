/** Architectures and data sets: small, medium and large networks on four kinds of text. */
import { heldOutNats } from '../../char-rnn/evaluate.ts';
import { atOnce } from '../../char-rnn/progress/work.ts';
import { median } from '../../common/statistics.ts';
import { type CharacterConfig, CharacterTraining } from '../common/characters.ts';
import { finalMean } from '../common/curve.ts';
import type { Budget, Measured, PartResult, Study } from '../common/experiment.ts';
import { letterEntropy } from '../common/letters.ts';
import { stepSeconds } from '../common/timing.ts';

/** Hidden units and steps of a network. */
export interface Shape {
  readonly hidden: number;
  readonly steps: number;
}

export interface Config extends CharacterConfig {
  /** Rounds in which training steps are timed. 0 for a part that trains. */
  readonly rounds: number;
  /** The networks that are timed, and the characters that each reads in a round. */
  readonly timed: readonly Shape[];
  readonly charactersARound: number;
}

export interface Outcome {
  readonly vocabulary: number;
  readonly parameters: number;
  /** Entropy of single characters in nats. */
  readonly entropy: number;
  /** On the training text, over the last tenth of the run, and on held-out text. */
  readonly finalLoss: number;
  readonly heldOutLoss: number;
  /** Characters of the training text. */
  readonly trained: number;
}

/** Key of the measured seconds per character. */
export function timeKey({ hidden, steps }: Shape): string {
  return `${hidden} / ${steps}`;
}

/** The three sizes that courses compare. */
const SHAPES: readonly Shape[] = [
  { hidden: 25, steps: 15 },
  { hidden: 50, steps: 25 },
  { hidden: 100, steps: 35 },
];

const CORPORA = ['simple', 'numbers', 'code', 'moby-dick'] as const;

const SIZES: Readonly<
  Record<
    Budget,
    {
      /** Length of each text, and the characters that each network reads. */
      readonly text: number;
      readonly characters: number;
      readonly seeds: number;
      readonly rounds: number;
    }
  >
> = {
  tiny: { text: 12_000, characters: 4_000, seeds: 1, rounds: 1 },
  quick: { text: 300_000, characters: 200_000, seeds: 3, rounds: 5 },
  full: { text: 300_000, characters: 3_000_000, seeds: 4, rounds: 15 },
};

const BATCH = 8;

/** Three sizes of network on four texts. */
export const study: Study<Config, Outcome | null> = {
  name: 'architectures',
  title: 'Architectures and data sets',
  question:
    'Vanilla RNNs of 25, 50 and 100 hidden units read four texts. These are sentences of a small grammar, lines of arithmetic, TypeScript declarations and Moby Dick. How much of each text does each network learn?',

  parts(budget) {
    const { text, characters, seeds, rounds } = SIZES[budget];
    return CORPORA.flatMap((corpus): Config[] => {
      const common = {
        corpus,
        characters: text,
        holdOut: 0.05,
        cell: 'rnn' as const,
        batch: BATCH,
        optimizer: 'adagrad' as const,
        lr: 0.05,
        clip: { by: 'norm' as const, at: 0.5 },
        init: 'xavier-normal' as const,
        charactersARound: Math.min(8_000, characters / 8),
      };
      const trained = SHAPES.flatMap(({ hidden, steps }) =>
        Array.from({ length: seeds }, (_, i) => ({
          ...common,
          hidden,
          steps,
          iterations: Math.round(characters / (steps * BATCH)),
          seed: i + 1,
          rounds: 0,
          timed: [],
        })),
      );
      return [...trained, { ...common, ...SHAPES[0]!, iterations: 0, seed: 1, rounds, timed: SHAPES }];
    });
  },

  alone: (config) => config.rounds > 0,

  async run(config): Promise<PartResult<Outcome | null>> {
    if (config.rounds > 0) return { outcome: null, measured: await characterTimes(config) };
    const training = new CharacterTraining(config);
    const steps = await training.run();
    const { vocabulary, training: characters, heldOut } = training.text;
    return {
      outcome: {
        vocabulary: vocabulary.size,
        parameters: training.model.parameterCount,
        entropy: letterEntropy(characters, vocabulary.size),
        finalLoss: training.diverged ? Number.NaN : finalMean(steps.map((step) => step.loss)),
        heldOutLoss: atOnce(heldOutNats(training.model, heldOut)),
        trained: characters.length,
      },
    };
  },
};

/** Seconds of training per character: medians over rounds. */
async function characterTimes({ timed, rounds, charactersARound, ...config }: Config): Promise<Measured> {
  const trainings = timed.map((shape) => new CharacterTraining({ ...config, ...shape }));
  const perWindow = timed.map(({ steps }) => steps * config.batch);
  const seconds = await stepSeconds(trainings, rounds, (i) => Math.ceil(charactersARound / perWindow[i]!));
  return Object.fromEntries(timed.map((shape, i) => [timeKey(shape), median(seconds[i]!) / perWindow[i]!]));
}
