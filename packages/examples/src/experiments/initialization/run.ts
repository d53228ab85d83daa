/** Initialization: how initial weights change the gradient and what is learned. */
import { spectralRadius } from '@chronograd/nn/probe';
import { type CharacterConfig, CharacterTraining, recurrentMatrix } from '../common/characters.ts';
import { type Curve, curveOf, finalMean } from '../common/curve.ts';
import type { Budget, PartResult, Study } from '../common/experiment.ts';
import { decayOf, inFloat64, lastStepFlow, stretchesOf } from '../common/flow.ts';

export interface Config extends CharacterConfig {
  /** Name of the initial weights. */
  readonly name: string;
  /** Steps that the gradient is followed back, and the number of stretches of text in the loss. */
  readonly reach: number;
  readonly stretches: number;
}

export interface Outcome {
  /** ‖∂L/∂h_t‖, t = 1 … reach, before training, in float64. L is the loss of the last character. */
  readonly norms: readonly number[];
  readonly rate: number;
  readonly r2: number;
  /** Spectral radius of W_hh before training. */
  readonly radius: number;
  /** On the training text. Nothing is held out. */
  readonly loss: Curve;
  readonly finalLoss: number | null;
}

const INITS: readonly { readonly name: string; readonly init: CharacterConfig['init'] }[] = [
  { name: '0.01·N (small)', init: { normal: 0.01 } },
  { name: '0.1·N', init: { normal: 0.1 } },
  { name: '√(1/fan-in)·N', init: 'fan-in' },
  { name: 'Xavier', init: 'xavier-normal' },
  { name: 'orthogonal', init: 'orthogonal' },
  { name: 'identity', init: 'identity' },
  { name: '0.5·N (too large)', init: { normal: 0.5 } },
];

const SIZES: Readonly<
  Record<
    Budget,
    { readonly hidden: number; readonly reach: number; readonly iterations: number; readonly seeds: number }
  >
> = {
  tiny: { hidden: 8, reach: 8, iterations: 20, seeds: 1 },
  quick: { hidden: 64, reach: 50, iterations: 1200, seeds: 3 },
  // Not 100 hidden units: 0.1 would equal √(1/H), which two of the other settings use.
  full: { hidden: 64, reach: 100, iterations: 12_000, seeds: 5 },
};

/** Seven kinds of initial weights. */
export const study: Study<Config, Outcome> = {
  name: 'initialization',
  title: 'Initialization',
  question:
    'A vanilla RNN begins with weights drawn in seven ways. Before training, how fast does the gradient of the last character’s loss fade back in time? And what does the network learn from there?',

  parts(budget) {
    const { hidden, reach, iterations, seeds } = SIZES[budget];
    return INITS.flatMap(({ name, init }) =>
      Array.from({ length: seeds }, (_, i) => ({
        name,
        reach,
        stretches: 8,
        corpus: 'moby-dick' as const,
        characters: 1_000_000,
        holdOut: 0,
        cell: 'rnn' as const,
        hidden,
        steps: 25,
        batch: 8,
        optimizer: 'adagrad' as const,
        lr: 0.05,
        clip: { by: 'norm' as const, at: 0.5 },
        init,
        iterations,
        seed: i + 1,
      })),
    );
  },

  async run(config): Promise<PartResult<Outcome>> {
    const training = new CharacterTraining(config);
    const before = inFloat64(training);
    const norms = lastStepFlow(before, stretchesOf(training.text.training, config.reach, config.stretches));
    const losses = (await training.run()).map((step) => step.loss);
    return {
      outcome: {
        norms,
        ...decayOf(norms),
        radius: spectralRadius(recurrentMatrix(before)),
        loss: curveOf(losses, 40, config.iterations),
        finalLoss: training.diverged ? null : finalMean(losses),
      },
    };
  },
};
