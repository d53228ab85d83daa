/** Training analysis: one network, one text, and everything that can be seen while it learns. */

import { normsOf } from '@chronograd/nn/probe';
import { sampleCharacters } from '../char-rnn/sampling.ts';
import { type CharacterConfig, CharacterTraining } from './common/characters.ts';
import { type Curve, curveOf, finalMean } from './common/curve.ts';
import type { Budget, Experiment, PartResult } from './common/experiment.ts';
import { frequencies, letterEntropy } from './common/letters.ts';
import { mean } from './common/statistics.ts';
import { present } from './training/present.ts';

export interface Outcome {
  /** Mean losses in nats a character, smoothed ones (0.99 of the past), and global gradient norms before clipping. */
  readonly loss: Curve;
  readonly smoothed: Curve;
  readonly norm: Curve;
  /** The gradient's norm by parameter. */
  readonly norms: Readonly<Record<string, Curve>>;
  /** Share of steps that clipping changed. */
  readonly clipped: number;
  readonly vocabulary: number;
  readonly parameters: number;
  readonly finalLoss: number;
  readonly uniform: number;
  readonly letters: number;
  /** The commonest characters, with their shares in the text and in the sample. */
  readonly frequencies: readonly {
    readonly character: string;
    readonly text: number;
    readonly sample: number;
  }[];
  /** Half of Σ |difference of shares| over all characters: 0 where they agree, 1 where nothing is shared. */
  readonly distance: number;
  /** The same between two stretches of the text itself, as long as the sample. */
  readonly textDistance: number;
  readonly sample: string;
}

const SIZES: Readonly<
  Record<
    Budget,
    { readonly hidden: number; readonly iterations: number; readonly sampled: number; readonly seeds: number }
  >
> = {
  tiny: { hidden: 8, iterations: 40, sampled: 100, seeds: 2 },
  quick: { hidden: 100, iterations: 3000, sampled: 5000, seeds: 3 },
  full: { hidden: 160, iterations: 25_000, sampled: 20_000, seeds: 5 },
};

const CLIP_AT = 1;
const SMOOTHING = 0.99;
const SHOWN = 24;

export interface Config extends CharacterConfig {
  /** Characters in the sample. */
  readonly sampled: number;
  /** What the smoothed loss keeps of the past at each step. */
  readonly smoothing: number;
}

/** Loss, perplexity, gradients and letter frequencies of a character RNN. */
export const training: Experiment<Config, Outcome> = {
  name: 'training',
  title: 'A network learns a book',
  question:
    'A vanilla RNN reads Moby Dick. How does its loss fall, what do its gradients do meanwhile, and does what it writes have the letters of the book?',

  parts(budget) {
    const { hidden, iterations, sampled, seeds } = SIZES[budget];
    return Array.from({ length: seeds }, (_, i) => ({
      corpus: 'moby-dick' as const,
      characters: 2_000_000,
      holdOut: 0,
      cell: 'rnn' as const,
      hidden,
      steps: 25,
      batch: 16,
      optimizer: 'adagrad' as const,
      lr: 0.05,
      clip: { by: 'norm' as const, at: CLIP_AT },
      init: 'xavier-normal' as const,
      iterations,
      seed: i + 1,
      sampled,
      smoothing: SMOOTHING,
    }));
  },

  run(config): PartResult<Outcome> {
    const run = new CharacterTraining(config);
    const byName = new Map<string, number[]>();
    const steps = Array.from({ length: config.iterations }, () => {
      const step = run.step((gradients) => {
        for (const [name, norm] of Object.entries(normsOf(gradients))) {
          const norms = byName.get(name) ?? [];
          byName.set(name, norms);
          norms.push(norm);
        }
      });
      if (step === null) throw new Error('training: the run diverged, which its clipping should not let it');
      return step;
    });
    const { vocabulary, training: characters } = run.text;
    const losses = steps.map((step) => step.loss);
    const uniform = Math.log(vocabulary.size);
    let past = uniform;
    const smoothed = losses.map((loss) => {
      past = SMOOTHING * past + (1 - SMOOTHING) * loss;
      return past;
    });
    const start = { state: run.model.recurrent.initialState(1), character: characters[0]! };
    const options = { length: config.sampled, temperature: 1, random: run.random };
    const sample = Int32Array.from(sampleCharacters(run.model, start, options));
    const V = vocabulary.size;
    const [ofText, ofSample] = [frequencies(characters, V), frequencies(sample, V)];
    const stretch = frequencies(characters.subarray(0, sample.length), V);
    const commonest = ofText
      .map((_, i) => i)
      .sort((a, b) => ofText[b]! - ofText[a]! || a - b)
      .slice(0, SHOWN);
    return {
      outcome: {
        loss: curveOf(losses, 300),
        smoothed: curveOf(smoothed, 300),
        norm: curveOf(
          steps.map((step) => step.norm),
          300,
        ),
        norms: Object.fromEntries([...byName].map(([name, norms]) => [name, curveOf(norms, 100)])),
        clipped: mean(steps.map((step) => (step.norm > CLIP_AT ? 1 : 0))),
        vocabulary: V,
        parameters: run.model.parameterCount,
        finalLoss: finalMean(losses),
        uniform,
        letters: letterEntropy(characters, V),
        frequencies: commonest.map((i) => ({
          character: vocabulary.decode(Int32Array.of(i)),
          text: ofText[i]!,
          sample: ofSample[i]!,
        })),
        distance: variation(ofText, ofSample),
        textDistance: variation(ofText, stretch),
        sample: vocabulary.decode(sample.subarray(0, 600)),
      },
    };
  },

  present,
};

/** Total variation: half the sum of all differences. */
function variation(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, share, i) => sum + Math.abs(share - b[i]!), 0) / 2;
}
