/** Hidden states: what the units of a trained network track. */
import { recordTaps } from '@chronograd/nn/probe';
import { tensor } from '@chronograd/tensor';
import type { CorpusName } from '../../char-rnn/corpora.ts';
import { type CharacterConfig, CharacterTraining } from '../common/characters.ts';
import { finalMean } from '../common/curve.ts';
import type { Budget, PartResult, Study } from '../common/experiment.ts';
import { FEATURES } from './features.ts';
import { type Principal, principalComponents } from './principal.ts';
import { type Tracked, trackedBy } from './tracking.ts';

export interface Config extends CharacterConfig {
  /** Characters of held-out text that are read with probes. */
  readonly read: number;
}

export interface Outcome {
  readonly finalLoss: number;
  /** The unit that follows each feature best. */
  readonly tracked: readonly Tracked[];
  /** A stretch of the text, and the values of each feature's best unit after its characters. */
  readonly excerpt: string;
  readonly activations: Readonly<Record<string, readonly number[]>>;
  /**
   * tanh(c) over the beginning of the excerpt: units in `tracked` and those that move most there,
   * in order of movement.
   */
  readonly heat: readonly { readonly unit: number; readonly values: readonly number[] }[];
  readonly principal: Principal;
  /** The characters of the points of the principal components. */
  readonly points: string;
}

const SIZES: Readonly<
  Record<
    Budget,
    { readonly hidden: number; readonly iterations: number; readonly read: number; readonly seeds: number }
  >
> = {
  tiny: { hidden: 8, iterations: 10, read: 400, seeds: 2 },
  quick: { hidden: 64, iterations: 2500, read: 8000, seeds: 3 },
  full: { hidden: 128, iterations: 15_000, read: 40_000, seeds: 5 },
};

const CORPUS: CorpusName = 'code';
const HEAT_UNITS = 24;
const HEAT_CHARACTERS = 96;
const EXCERPT = 480;
const POINTS = 700;

/** Units that track features, a heat map, and principal components. */
export const study: Study<Config, Outcome> = {
  name: 'hidden-states',
  title: 'Hidden states',
  question:
    'An LSTM is trained on TypeScript declarations and reads new ones. What do single memory cells, tanh(c), track, and how do all of them move together?',

  parts(budget) {
    const { hidden, iterations, read, seeds } = SIZES[budget];
    return Array.from({ length: seeds }, (_, i) => ({
      corpus: CORPUS,
      characters: 400_000,
      holdOut: 0.15,
      cell: 'lstm' as const,
      hidden,
      steps: 40,
      batch: 8,
      optimizer: 'adagrad' as const,
      lr: 0.05,
      clip: { by: 'norm' as const, at: 1 },
      init: 'pytorch' as const,
      iterations,
      seed: i + 1,
      read,
    }));
  },

  async run(config): Promise<PartResult<Outcome>> {
    const training = new CharacterTraining(config);
    const losses = (await training.run()).map((step) => step.loss);
    const { heldOut, vocabulary } = training.text;
    const characters = Int32Array.from(heldOut.subarray(0, config.read));
    const text = [...vocabulary.decode(characters)];
    const { taps } = recordTaps(training.model, () =>
      training.model.recurrent.forward(tensor(characters, { shape: [characters.length, 1] })),
    );
    const states = taps['recurrent.cell.state.c']!.tanh();
    const H = config.hidden;
    const values = states.toTypedArray();
    const units = Array.from({ length: H }, (_, u) => Float64Array.from(text, (_, t) => values[t * H + u]!));
    const tracked = trackedBy(units, text, FEATURES);
    const from = excerptStart(text);
    const excerptOf = (u: number): number[] => [...units[u]!.subarray(from, from + EXCERPT)];
    const swing = (u: number): number => {
      const part = units[u]!.subarray(from, from + HEAT_CHARACTERS);
      return Math.max(...part) - Math.min(...part);
    };
    const order = units.map((_, u) => u).sort((a, b) => swing(b) - swing(a) || a - b);
    const inHeat = [...new Set([...tracked.map(({ unit }) => unit), ...order])].slice(0, HEAT_UNITS);
    return {
      outcome: {
        finalLoss: finalMean(losses),
        tracked,
        excerpt: text.slice(from, from + EXCERPT).join(''),
        activations: Object.fromEntries(tracked.map(({ feature, unit }) => [feature, excerptOf(unit)])),
        heat: order
          .filter((unit) => inHeat.includes(unit))
          .map((unit) => ({ unit, values: excerptOf(unit).slice(0, HEAT_CHARACTERS) })),
        principal: principalComponents(units, POINTS),
        points: text.slice(0, POINTS).join(''),
      },
    };
  },
};

/** The start of a line after the first quarter of the text. */
function excerptStart(text: readonly string[]): number {
  const line = text.indexOf('\n', Math.floor(text.length / 4));
  return Math.min(line + 1, Math.max(0, text.length - EXCERPT));
}
