/** Gradient flow: how far back a loss reaches, by the recurrent matrix's spectral radius. */
import { jacobianNorms, largestSingularValue, recordTaps, spectralRadius } from '@chronograd/nn/probe';
import { Random } from '@chronograd/tensor';
import { CharModel } from '../char-rnn/char-model.ts';
import { recurrentMatrix } from './common/characters.ts';
import type { Budget, Experiment, PartResult } from './common/experiment.ts';
import { decayOf, lastStepFlow, stretchesOf } from './common/flow.ts';
import { exponentialFit, mean } from './common/statistics.ts';
import { textOf } from './common/texts.ts';
import { present } from './gradient-flow/present.ts';

export interface Config {
  /** What the recurrent matrix is scaled to. */
  readonly radius: number;
  readonly hidden: number;
  /** T, lengths of the sequences that end in the loss. */
  readonly lengths: readonly number[];
  readonly seed: number;
}

export interface Outcome {
  /** For each T: ‖∂L/∂h_t‖, t = 1 … T. */
  readonly norms: readonly (readonly number[])[];
  /** The factor of one step back, fitted over the longest sequence, and how well one factor fits. */
  readonly rate: number;
  readonly r2: number;
  /** The same of ‖∂L/∂h_1‖ against T. */
  readonly lengthRate: number;
  readonly lengthR2: number;
  /** σ_max(W_hh), and the bound σ_max(W_hh)·max(1 − h²) on a step's factor: its geometric mean over the longest sequence. */
  readonly sigma: number;
  readonly bound: number;
  /** ‖∂h_T/∂h_t‖, t = 0 … T, largest singular values, of one sequence of middling length. */
  readonly jacobians: readonly number[];
}

const SIZES: Readonly<
  Record<
    Budget,
    {
      readonly hidden: number;
      readonly lengths: readonly number[];
      readonly seeds: number;
      readonly radii: readonly number[];
    }
  >
> = {
  tiny: { hidden: 6, lengths: [3, 5, 10], seeds: 2, radii: [0.5, 1.5] },
  quick: { hidden: 48, lengths: [5, 10, 25, 50, 100], seeds: 5, radii: [0.5, 0.75, 0.9, 1, 1.1, 1.25, 1.5] },
  full: { hidden: 128, lengths: [5, 10, 25, 50, 100], seeds: 10, radii: [0.5, 0.75, 0.9, 1, 1.1, 1.25, 1.5] },
};

const BATCH = 4;
/** Of the book; each seed reads at a place of its own. */
const CHARACTERS = 500_000;

/** Vanishing and exploding gradients. */
export const flow: Experiment<Config, Outcome> = {
  name: 'gradient-flow',
  title: 'Gradient flow through time',
  question:
    'An untrained vanilla RNN reads Moby Dick, and only its last prediction counts. How large is the gradient that reaches each earlier state, when the recurrent matrix is scaled to spectral radii from 0.5 to 1.5?',

  parts(budget) {
    const { hidden, lengths, seeds, radii } = SIZES[budget];
    return radii.flatMap((radius) =>
      Array.from({ length: seeds }, (_, i) => ({ radius, hidden, lengths, seed: i + 1 })),
    );
  },

  run({ radius, hidden, lengths, seed }): PartResult<Outcome> {
    const text = textOf({ corpus: 'moby-dick', characters: CHARACTERS, holdOut: 0 });
    const options = { cell: 'rnn', hidden, init: 'xavier-normal', dtype: 'float64' } as const;
    const model = new CharModel(text.vocabulary.size, options, new Random(seed));
    const matrix = recurrentMatrix(model);
    matrix.assign(matrix.mul(radius / spectralRadius(matrix)));
    const stretch = Math.floor(CHARACTERS / 25);
    const characters = text.training.subarray((seed - 1) * stretch, seed * stretch);
    const norms = lengths.map((steps) => lastStepFlow(model, stretchesOf(characters, steps, BATCH)));
    const longest = stretchesOf(characters, lengths.at(-1)!, BATCH);
    const { taps } = recordTaps(model, () => model.recurrent.forward(longest.inputs));
    const states = taps['recurrent.cell.state']!;
    // Of each step, the unit that is farthest from saturation: 1 − h² is tanh's slope there.
    const slopes = [...states.square().reshape([states.shape[0]!, -1]).neg().add(1).max(-1).toTypedArray()];
    const sigma = largestSingularValue(matrix);
    const middling = stretchesOf(characters, lengths[Math.floor(lengths.length / 2)]!, 1);
    const byLength = exponentialFit(lengths.map((steps, i) => [steps, norms[i]![0]!] as const));
    return {
      outcome: {
        norms,
        ...decayOf(norms.at(-1)!),
        lengthRate: byLength.rate,
        lengthR2: byLength.r2,
        sigma,
        bound: sigma * Math.exp(mean(slopes.map(Math.log))),
        jacobians: [...jacobianNorms(model.recurrent as never, middling.inputs).toTypedArray()],
      },
    };
  },

  present,
};
