import { present } from './architectures/present.ts';
import { type CharacterConfig, CharacterTraining } from './common/characters.ts';
import { finalMean } from './common/curve.ts';
import type { Budget, Experiment, PartResult } from './common/experiment.ts';
import { letterEntropy } from './common/letters.ts';

export interface Outcome {
  readonly vocabulary: number;
  readonly parameters: number;
  /** Of the characters by themselves, in nats. */
  readonly entropy: number;
  readonly finalLoss: number;
}

/** Hidden units and steps, as in the courses that compare these three. */
const SHAPES = [
  { hidden: 25, steps: 15 },
  { hidden: 50, steps: 25 },
  { hidden: 100, steps: 35 },
] as const;

const CORPORA = ['simple', 'numbers', 'code', 'moby-dick'] as const;

const SIZES: Readonly<Record<Budget, { readonly characters: number; readonly seeds: number }>> = {
  tiny: { characters: 4_000, seeds: 1 },
  quick: { characters: 250_000, seeds: 1 },
  full: { characters: 4_000_000, seeds: 4 },
};

const BATCH = 8;

/** Three sizes of network on four texts. */
export const architectures: Experiment<CharacterConfig, Outcome> = {
  name: 'architectures',
  title: 'Architectures and data sets',
  question:
    'Vanilla RNNs of 25, 50 and 100 hidden units read sentences of a small grammar, lines of arithmetic, TypeScript declarations and Moby Dick. How much of each text does which network learn?',

  parts(budget) {
    const { characters, seeds } = SIZES[budget];
    return CORPORA.flatMap((corpus) =>
      SHAPES.flatMap(({ hidden, steps }) =>
        Array.from({ length: seeds }, (_, i) => ({
          corpus,
          characters: 300_000,
          holdOut: 0,
          cell: 'rnn' as const,
          hidden,
          steps,
          batch: BATCH,
          optimizer: 'adagrad' as const,
          lr: 0.05,
          clip: { by: 'norm' as const, at: 0.5 },
          init: 'xavier-normal' as const,
          iterations: Math.round(characters / (steps * BATCH)),
          seed: i + 1,
        })),
      ),
    );
  },

  run(config): PartResult<Outcome> {
    const training = new CharacterTraining(config);
    const start = performance.now();
    const steps = training.run();
    const trained = (performance.now() - start) / 1000;
    const { vocabulary, training: characters } = training.text;
    return {
      outcome: {
        vocabulary: vocabulary.size,
        parameters: training.model.parameterCount,
        entropy: letterEntropy(characters, vocabulary.size),
        finalLoss: finalMean(steps.map((step) => step.loss)),
      },
      measured: { trained },
    };
  },

  present,
};
