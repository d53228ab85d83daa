/**
 * Named configurations. `default` is this program's own; the others reproduce teaching implementations of character RNNs, NumPy programs in
 * float64 that train on the whole text, one stream, with a summed loss and Adagrad with 1e-8 inside the root.
 */
import type { TrainConfiguration } from './configuration.ts';

export type PresetName =
  | 'default'
  | 'min-char-rnn'
  | 'micro-rnn'
  | 'clear-rnn'
  | 'notebook'
  | 'day31-small'
  | 'day31-medium'
  | 'day31-large'
  | 'module05';

const DEFAULT: TrainConfiguration = {
  source: 'moby-dick',
  holdOut: 0.1,
  hidden: 128,
  steps: 30,
  batch: 32,
  lr: 0.05,
  epsilon: 1e-8,
  epsilonInside: true,
  clip: { by: 'value', at: 5 },
  init: 'fan-in',
  reduction: 'mean',
  smoothing: 0.999,
  resetAtEnd: true,
  iterations: 10_000,
  seconds: null,
  seed: 1,
  dtype: 'float32',
  kernels: 'strict',
  sampleEvery: 1_000,
  sampleLength: 200,
  temperature: 1,
};

/** min-char-rnn (Andrej Karpathy, 2015) runs until it is stopped; here it ends after 100,000 windows. */
const MIN_CHAR_RNN: TrainConfiguration = {
  ...DEFAULT,
  holdOut: 0,
  hidden: 100,
  steps: 25,
  batch: 1,
  lr: 0.1,
  init: { normal: 0.01 },
  reduction: 'sum',
  iterations: 100_000,
  dtype: 'float64',
  sampleEvery: 100,
};

/** Each preset whole, in the order a list should show them. */
export const PRESETS: Readonly<Record<PresetName, TrainConfiguration>> = {
  default: DEFAULT,
  'min-char-rnn': MIN_CHAR_RNN,
  'micro-rnn': {
    ...MIN_CHAR_RNN,
    hidden: 128,
    steps: 30,
    lr: 0.05,
    clip: { by: 'value', at: 3 },
    init: 'fan-in',
    iterations: 20_000,
    sampleEvery: 1_000,
  },
  'clear-rnn': { ...MIN_CHAR_RNN, source: 'man' },
  notebook: { ...MIN_CHAR_RNN, steps: 10, lr: 0.01, init: { normal: 0.1 } },
  'day31-small': { ...MIN_CHAR_RNN, hidden: 25, steps: 15, init: 'xavier-normal', sampleEvery: 1_000 },
  'day31-medium': { ...MIN_CHAR_RNN, hidden: 50, steps: 25, init: 'xavier-normal', sampleEvery: 1_000 },
  'day31-large': { ...MIN_CHAR_RNN, hidden: 100, steps: 35, init: 'xavier-normal', sampleEvery: 1_000 },
  module05: { ...MIN_CHAR_RNN, init: 'xavier-normal', sampleEvery: 1_000 },
};

export const PRESET_NAMES: readonly PresetName[] = Object.keys(PRESETS) as PresetName[];
