/** Gradient flow: how far back a loss reaches, by the recurrent matrix's spectral radius. */
import { jacobianNorms, largestSingularValue, recordTaps, spectralRadius } from '@chronograd/nn/probe';
import { type FloatDtype, Random } from '@chronograd/tensor';
import { CharModel } from '../../char-rnn/char-model.ts';
import type { Init } from '../../char-rnn/settings.ts';
import { mean } from '../../common/statistics.ts';
import { recurrentMatrix } from '../common/characters.ts';
import type { Budget, PartResult, Study } from '../common/experiment.ts';
import { decayOf, earlyAndLate, lastStepFlow, stretchesOf } from '../common/flow.ts';
import { type Laws, lawsOf } from '../common/laws.ts';
import { type TextConfig, textOf } from '../common/texts.ts';

export interface Config extends TextConfig {
  /** What the recurrent matrix is scaled to. */
  readonly radius: number;
  readonly hidden: number;
  /** First weights, before that. */
  readonly init: Init;
  readonly dtype: FloatDtype;
  /** T, lengths of the sequences that end in the loss, and how many of them are read together. */
  readonly lengths: readonly number[];
  readonly batch: number;
  /** Each seed reads so many characters at a place of its own. */
  readonly stretch: number;
  readonly seed: number;
}

export interface Outcome {
  /** For each T: ‖∂L/∂h_t‖, t = 1 … T. */
  readonly norms: readonly (readonly number[])[];
  /** The factor of one step back, fitted over the longest sequence, and how well one factor fits. */
  readonly rate: number;
  readonly r2: number;
  /** Laws of ‖∂L/∂h_1‖ against T. */
  readonly laws: Laws;
  /** The factor by which one more step changes ‖∂L/∂h_1‖, among the shorter T and among the longer. */
  readonly early: number;
  readonly late: number;
  /** σ_max(W_hh), and the bound σ_max(W_hh)·max(1 − h²) on a step's factor: its geometric mean over the longest sequence. */
  readonly sigma: number;
  readonly bound: number;
  /** ‖∂h_T/∂h_t‖, t = 0 … T, largest singular values, of the first of the longest sequences. */
  readonly jacobians: readonly number[];
}

const SIZES: Readonly<
  Record<
    Budget,
    Pick<Config, 'hidden' | 'lengths'> & { readonly seeds: number; readonly radii: readonly number[] }
  >
> = {
  tiny: { hidden: 6, lengths: [2, 3, 5, 10], seeds: 2, radii: [0.5, 1.5] },
  quick: {
    hidden: 48,
    lengths: [5, 10, 15, 25, 50, 75, 100],
    seeds: 5,
    radii: [0.5, 0.75, 0.9, 1, 1.1, 1.25, 1.5],
  },
  full: {
    hidden: 128,
    lengths: [5, 10, 15, 25, 50, 75, 100],
    seeds: 10,
    radii: [0.5, 0.75, 0.9, 1, 1.1, 1.25, 1.5],
  },
};

/** Vanishing and exploding gradients. */
export const study: Study<Config, Outcome> = {
  name: 'gradient-flow',
  title: 'Gradient flow through time',
  question:
    'An untrained vanilla RNN reads Moby Dick, and only its last prediction counts. How large is the gradient that reaches each earlier state, when the recurrent matrix is scaled to spectral radii from 0.5 to 1.5?',

  parts(budget) {
    const { hidden, lengths, seeds, radii } = SIZES[budget];
    return radii.flatMap((radius) =>
      Array.from({ length: seeds }, (_, i) => ({
        radius,
        hidden,
        init: 'xavier-normal' as const,
        dtype: 'float64' as const,
        corpus: 'moby-dick' as const,
        characters: 500_000,
        holdOut: 0,
        lengths,
        batch: 4,
        stretch: 20_000,
        seed: i + 1,
      })),
    );
  },

  run(config): PartResult<Outcome> {
    const { radius, hidden, init, dtype, lengths, batch, stretch, seed } = config;
    const text = textOf(config);
    const model = new CharModel(text.vocabulary.size, { cell: 'rnn', hidden, init, dtype }, new Random(seed));
    const matrix = recurrentMatrix(model);
    matrix.assign(matrix.mul(radius / spectralRadius(matrix)));
    const characters = text.training.subarray((seed - 1) * stretch, seed * stretch);
    const norms = lengths.map((steps) => lastStepFlow(model, stretchesOf(characters, steps, batch)));
    const { inputs } = stretchesOf(characters, lengths.at(-1)!, batch);
    const { taps } = recordTaps(model, () => model.recurrent.forward(inputs));
    const states = taps['recurrent.cell.state']!;
    // Of each step, the unit that is farthest from saturation: 1 − h² is tanh's slope there.
    const slopes = [...states.square().reshape([states.shape[0]!, -1]).neg().add(1).max(-1).toTypedArray()];
    const sigma = largestSingularValue(matrix);
    const byLength = lengths.map((steps, i) => [steps, norms[i]![0]!] as const);
    return {
      outcome: {
        norms,
        ...decayOf(norms.at(-1)!),
        laws: lawsOf(byLength),
        ...earlyAndLate(byLength),
        sigma,
        // From h_T back to h_1 the slopes at h_2 … h_T come in, and that at h_1 does not.
        bound: sigma * Math.exp(mean(slopes.slice(1).map(Math.log))),
        jacobians: [...jacobianNorms(model.recurrent as never, inputs.slice(null, [0, 1])).toTypedArray()],
      },
    };
  },
};
