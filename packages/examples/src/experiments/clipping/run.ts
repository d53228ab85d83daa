/** Clipping: which clipping prevents divergence. */
import type { Clip } from '../../char-rnn/settings.ts';
import { median } from '../../common/statistics.ts';
import { type CharacterConfig, CharacterTraining } from '../common/characters.ts';
import { type Curve, curveOf, finalMean } from '../common/curve.ts';
import type { Budget, PartResult, Study } from '../common/experiment.ts';
import { letterEntropy } from '../common/letters.ts';

export interface Config extends CharacterConfig {
  /** A step is a spike if its gradient norm before clipping is larger. Equal for all runs. */
  readonly spikeAbove: number;
  /** Points of a curve. */
  readonly points: number;
}

export interface Outcome {
  /** Mean losses in nats, and global norms before clipping. */
  readonly loss: Curve;
  readonly norm: Curve;
  readonly medianNorm: number;
  readonly largestNorm: number;
  /** Number of spikes. */
  readonly spikes: number;
  /** Completed steps. */
  readonly steps: number;
  /** Loss of the first window. */
  readonly firstLoss: number;
  /** Mean loss over the last tenth. Null if the run diverged to a value that is not finite. */
  readonly finalLoss: number | null;
  /** Loss of letter frequencies and of even guessing, in nats. */
  readonly letters: number;
  readonly uniform: number;
}

const CLIPS: readonly Clip[] = [
  null,
  { by: 'value', at: 5 },
  { by: 'value', at: 1 },
  { by: 'value', at: 0.5 },
  { by: 'norm', at: 5 },
  { by: 'norm', at: 1 },
  { by: 'norm', at: 0.5 },
];

const SIZES: Readonly<
  Record<Budget, Pick<CharacterConfig, 'hidden' | 'iterations'> & { readonly seeds: number }>
> = {
  tiny: { hidden: 8, iterations: 30, seeds: 1 },
  quick: { hidden: 64, iterations: 1500, seeds: 4 },
  full: { hidden: 64, iterations: 12_000, seeds: 8 },
};

/** Gradient clipping in a regime where plain SGD diverges. */
export const study: Study<Config, Outcome> = {
  name: 'clipping',
  title: 'Gradient clipping',
  question:
    'A vanilla RNN is trained by plain gradient descent at a learning rate that is too high. Does clipping prevent divergence, and which clipping?',

  parts(budget) {
    const { hidden, iterations, seeds } = SIZES[budget];
    return CLIPS.flatMap((clip) =>
      Array.from({ length: seeds }, (_, i) => ({
        corpus: 'moby-dick' as const,
        characters: 400_000,
        holdOut: 0,
        cell: 'rnn' as const,
        hidden,
        steps: 25,
        batch: 4,
        optimizer: 'sgd' as const,
        lr: 1.25,
        clip,
        init: { normal: 0.15 },
        iterations,
        seed: i + 1,
        spikeAbove: 5,
        points: 60,
      })),
    );
  },

  async run(config): Promise<PartResult<Outcome>> {
    const { iterations, points, spikeAbove } = config;
    const training = new CharacterTraining(config);
    const steps = await training.run();
    const [losses, norms] = [steps.map((step) => step.loss), steps.map((step) => step.norm)];
    return {
      outcome: {
        loss: curveOf(losses, points, iterations),
        norm: curveOf(norms, points, iterations),
        medianNorm: median(norms),
        largestNorm: norms.reduce((most, norm) => Math.max(most, norm), 0),
        spikes: norms.filter((norm) => norm > spikeAbove).length,
        steps: steps.length,
        firstLoss: losses[0] ?? Number.NaN,
        finalLoss: training.diverged ? null : finalMean(losses),
        letters: letterEntropy(training.text.training, training.text.vocabulary.size),
        uniform: Math.log(training.text.vocabulary.size),
      },
    };
  },
};
