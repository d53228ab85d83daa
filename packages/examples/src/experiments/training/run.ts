/** Training analysis: one network on one text. */
import { normsOf } from '@chronograd/nn/probe';
import { heldOutNats } from '../../char-rnn/evaluate.ts';
import { atOnce } from '../../char-rnn/progress/work.ts';
import { sampleCharacters } from '../../char-rnn/sampling.ts';
import { mean } from '../../common/statistics.ts';
import { type CharacterConfig, CharacterTraining, type TrainingStep } from '../common/characters.ts';
import { type Curve, curveOf, finalMean, firstBelow, smoothed } from '../common/curve.ts';
import type { Budget, PartResult, Study } from '../common/experiment.ts';
import { frequencies, letterEntropy, stretchVariations, variation } from '../common/letters.ts';

export interface Outcome {
  /**
   * Mean losses in nats per character, smoothed losses, and global gradient norms before clipping.
   */
  readonly loss: Curve;
  readonly smoothed: Curve;
  readonly norm: Curve;
  /** Gradient norms by parameter. */
  readonly norms: Readonly<Record<string, Curve>>;
  /** Share of steps that clipping changed. */
  readonly clipped: number;
  readonly vocabulary: number;
  readonly parameters: number;
  /** Losses of the first window, of the last tenth, and of held-out text. */
  readonly firstLoss: number;
  readonly finalLoss: number;
  readonly heldOutLoss: number;
  /**
   * Steps until the mean loss over `crossingWindow` steps is below `letters`. Null if it never is.
   */
  readonly crossing: number | null;
  /** Characters of the training text. */
  readonly trained: number;
  /** Losses of even guessing and of letter frequencies. */
  readonly uniform: number;
  readonly letters: number;
  /** The most frequent characters, with their shares in the text and in the sample. */
  readonly frequencies: readonly {
    readonly character: string;
    readonly text: number;
    readonly sample: number;
  }[];
  /** Total variation between the characters of the sample and of the text. */
  readonly distance: number;
  /** The same for stretches of the text, as long as the sample. */
  readonly textDistances: readonly number[];
  readonly sample: string;
}

const SIZES: Readonly<
  Record<
    Budget,
    {
      /** Length of the text. */
      readonly characters: number;
      readonly hidden: number;
      readonly iterations: number;
      readonly sampled: number;
      readonly seeds: number;
    }
  >
> = {
  tiny: { characters: 40_000, hidden: 8, iterations: 40, sampled: 100, seeds: 2 },
  quick: { characters: 2_000_000, hidden: 100, iterations: 3000, sampled: 5000, seeds: 3 },
  full: { characters: 2_000_000, hidden: 160, iterations: 25_000, sampled: 20_000, seeds: 5 },
};

export interface Config extends CharacterConfig {
  /** Length of the sample, and of the part that is shown. */
  readonly sampled: number;
  readonly excerpt: number;
  /** Number of most frequent characters whose shares are stored. */
  readonly commonest: number;
  /** Number of stretches of the text that are compared with it. */
  readonly stretches: number;
  /** Share of the past in the smoothed loss, at each step. */
  readonly smoothing: number;
  /** Steps in the mean that decides when the loss is below a level. */
  readonly crossingWindow: number;
  /** Points of curves: of all parameters together, and of each. */
  readonly points: number;
  readonly pointsEach: number;
}

/** Loss, perplexity, gradients and letter frequencies of a character RNN. */
export const study: Study<Config, Outcome> = {
  name: 'training',
  title: 'A network learns a book',
  question:
    'A vanilla RNN is trained on Moby Dick. How do its loss and its gradients change, and do its samples have the letter frequencies of the book?',

  parts(budget) {
    const { characters, hidden, iterations, sampled, seeds } = SIZES[budget];
    return Array.from({ length: seeds }, (_, i) => ({
      corpus: 'moby-dick' as const,
      characters,
      holdOut: 0.02,
      cell: 'rnn' as const,
      hidden,
      steps: 25,
      batch: 16,
      optimizer: 'adagrad' as const,
      lr: 0.05,
      clip: { by: 'norm' as const, at: 1 },
      init: 'xavier-normal' as const,
      iterations,
      seed: i + 1,
      sampled,
      excerpt: 600,
      commonest: 24,
      stretches: 20,
      smoothing: 0.9,
      crossingWindow: 10,
      points: 300,
      pointsEach: 100,
    }));
  },

  async run(config): Promise<PartResult<Outcome>> {
    const run = new CharacterTraining(config);
    const byName = new Map<string, number[]>();
    const steps: TrainingStep[] = [];
    for (let i = 0; i < config.iterations; i++) {
      const step = await run.step((gradients) => {
        for (const [name, norm] of Object.entries(normsOf(gradients))) {
          const norms = byName.get(name) ?? [];
          byName.set(name, norms);
          norms.push(norm);
        }
      });
      if (step === null) throw new Error('training: the run diverged in spite of clipping');
      steps.push(step);
    }
    const { vocabulary, training: characters, heldOut } = run.text;
    const V = vocabulary.size;
    const losses = steps.map((step) => step.loss);
    const norms = steps.map((step) => step.norm);
    const letters = letterEntropy(characters, V);
    const { points, clip } = config;
    const start = { state: run.model.recurrent.initialState(1), character: characters[0]! };
    const options = { length: config.sampled, temperature: 1, random: run.random };
    const sample = Int32Array.from(sampleCharacters(run.model, start, options));
    const [ofText, ofSample] = [frequencies(characters, V), frequencies(sample, V)];
    const commonest = ofText
      .map((_, i) => i)
      .sort((a, b) => ofText[b]! - ofText[a]! || a - b)
      .slice(0, config.commonest);
    return {
      outcome: {
        loss: curveOf(losses, points),
        smoothed: curveOf(smoothed(losses, config.smoothing), points),
        norm: curveOf(norms, points),
        norms: Object.fromEntries(
          [...byName].map(([name, each]) => [name, curveOf(each, config.pointsEach)]),
        ),
        clipped: clip === null ? 0 : mean(norms.map((norm) => (norm > clip.at ? 1 : 0))),
        vocabulary: V,
        parameters: run.model.parameterCount,
        firstLoss: losses[0]!,
        finalLoss: finalMean(losses),
        heldOutLoss: atOnce(heldOutNats(run.model, heldOut)),
        crossing: firstBelow(losses, letters, config.crossingWindow),
        trained: characters.length,
        uniform: Math.log(V),
        letters,
        frequencies: commonest.map((i) => ({
          character: vocabulary.decode(Int32Array.of(i)),
          text: ofText[i]!,
          sample: ofSample[i]!,
        })),
        distance: variation(ofText, ofSample),
        textDistances: stretchVariations(characters, V, sample.length, config.stretches),
        sample: vocabulary.decode(sample.subarray(0, config.excerpt)),
      },
    };
  },
};
