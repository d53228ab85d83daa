/** Gradient flow: how far back a gradient reaches, by the spectral radius of W_hh. */
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
  /** Spectral radius that W_hh is scaled to. */
  readonly radius: number;
  readonly hidden: number;
  /** Initial weights, before scaling. */
  readonly init: Init;
  readonly dtype: FloatDtype;
  /** T, lengths of the sequences, and the number of sequences in the loss. */
  readonly lengths: readonly number[];
  readonly batch: number;
  /** Characters of the stretch that each seed reads. Seeds read different stretches. */
  readonly stretch: number;
  readonly seed: number;
}

export interface Outcome {
  /** ‖∂L/∂h_t‖, t = 1 … T, for each T. */
  readonly norms: readonly (readonly number[])[];
  /** Factor of one step back, fitted to the longest sequence, and R² of the fit. */
  readonly rate: number;
  readonly r2: number;
  /** Laws of ‖∂L/∂h_1‖ against T. */
  readonly laws: Laws;
  /** Factor by which one more step changes ‖∂L/∂h_1‖, for the shorter T and for the longer. */
  readonly early: number;
  readonly late: number;
  /**
   * σ_max(W_hh), and the bound σ_max(W_hh)·max(1 − h²): geometric mean over the longest sequence.
   */
  readonly sigma: number;
  readonly bound: number;
  /** ‖∂h_T/∂h_t‖ (largest singular value), t = 0 … T, of the first of the longest sequences. */
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
    // The slope of tanh, 1 − h², of the unit farthest from saturation, by step.
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
        // From h_T back to h_1: the slopes at h_2 … h_T, without that at h_1.
        bound: sigma * Math.exp(mean(slopes.slice(1).map(Math.log))),
        jacobians: [...jacobianNorms(model.recurrent as never, inputs.slice(null, [0, 1])).toTypedArray()],
      },
    };
  },
};
