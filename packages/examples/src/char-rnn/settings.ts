/**
 * The settings of `train`. Types, flags, `--help`, presets and the check of saved configurations
 * all derive from the entries here. A new flag is an entry and the code that uses the setting.
 */
import { KERNEL_CHOICES } from '../common/kernels.ts';
import { CELL_NAMES } from './cells.ts';
import { CORPUS_NAMES, type CorpusSource } from './corpora.ts';
import { OPTIMIZER_NAMES, RATES, SCHEDULE_NAMES } from './optimizers.ts';
import {
  boolean,
  choice,
  nullable,
  number,
  pathRule,
  positive,
  type Rule,
  type Setting,
  setting,
  whole,
  wrapped,
} from './schema.ts';

/** Clips each gradient element to ±at, or scales all gradients to a global norm of at most `at`. */
export type Clip = { readonly by: 'value' | 'norm'; readonly at: number } | null;

const INIT_NAMES = ['fan-in', 'xavier-normal', 'xavier-uniform', 'pytorch', 'orthogonal'] as const;

/**
 * Initial weight matrices (biases are 0). `{ normal: s }`: s·N; `fan-in`: N·√(1/fan_in);
 * `xavier-normal`: N·√(2/(fan_in + fan_out)); `xavier-uniform`: uniform within
 * ±√(6/(fan_in + fan_out)); `pytorch`: uniform within ±1/√H; `orthogonal`: random orthogonal.
 */
export type Init = (typeof INIT_NAMES)[number] | { readonly normal: number };

const normalInit = wrapped(positive(1_000), 'normal', (normal) => ({ normal }));
const namedInit = choice(INIT_NAMES, ', or a number');
/** Values that the presets from course notebooks share. */
const course = <T>(value: T) => ({
  'day31-small': value,
  'day31-medium': value,
  'day31-large': value,
  module05: value,
});
const rateHelp = Object.entries(RATES)
  .map(([name, rate]) => `${rate} for ${name}`)
  .join(', ');
/** 0, or from 0.01 on: logits divided by less are not finite in float32. */
const temperatureRule = number({ from: 0, to: 100, gap: 0.01 });
const clipAt = (by: 'value' | 'norm') => wrapped(positive(1e9), 'at', (at) => ({ by, at }));

/**
 * What determines a run: with the same text and the same bits of kernels, the same settings give
 * the same bits. Upper bounds are where a typing error is more likely than intention.
 *
 * The defaults learn a book in little more than a minute: 2.40 bits per character on held-out text.
 * The first steps of Adagrad are as long as the learning rate, however small the gradients are. At
 * this rate they would saturate most hidden units for thousands of iterations. So gradients are
 * clipped to a small norm, and an epsilon as large as the sum of some fifty of their squares limits
 * these steps.
 */
export const SETTINGS = {
  source: setting<CorpusSource>({
    flag: '--corpus <name>',
    help: 'corpus to train on',
    rule: choice(CORPUS_NAMES),
    or: {
      flag: '--text <file>',
      help: 'UTF-8 text file to train on',
      rule: wrapped(pathRule, 'file', (file) => ({ file })),
      conflict: '--corpus and --text both name the text',
    },
    presets: { default: 'moby-dick', 'clear-rnn': 'man' },
  }),
  /** Share of the text, at its end, that is held out of training and evaluated afterwards. */
  holdOut: setting({ rule: number({ from: 0, below: 1 }), presets: { default: 0.1, 'min-char-rnn': 0 } }),
  cell: setting({
    flag: '--cell <name>',
    help: 'recurrent cell',
    rule: choice(CELL_NAMES),
    presets: { default: 'rnn' },
    before: 'rnn',
  }),
  hidden: setting({
    flag: '--hidden <n>',
    help: 'size of the hidden state, H',
    rule: whole(1, 16_384),
    presets: { default: 160, 'min-char-rnn': 100, 'micro-rnn': 128, 'day31-small': 25, 'day31-medium': 50 },
  }),
  layers: setting({
    flag: '--layers <n>',
    help: 'recurrent layers',
    rule: whole(1, 64),
    presets: { default: 1 },
    before: 1,
  }),
  /** Probability. Sampling and evaluation drop nothing. */
  dropout: setting({
    flag: '--dropout <p>',
    help: 'share of the values between layers that is dropped in training',
    rule: number({ from: 0, below: 1 }),
    presets: { default: 0 },
    before: 0,
  }),
  steps: setting({
    flag: '--steps <n>',
    help: 'time steps in a window, T: the length of truncated BPTT',
    rule: whole(1, 10_000),
    presets: {
      default: 20,
      'min-char-rnn': 25,
      'micro-rnn': 30,
      notebook: 10,
      'day31-small': 15,
      'day31-large': 35,
    },
  }),
  batch: setting({
    flag: '--batch <n>',
    help: 'streams of the text that are read in parallel, B',
    rule: whole(1, 4_096),
    presets: { default: 24, 'min-char-rnn': 1 },
  }),
  shards: setting({
    flag: '--shards <n>',
    help: 'parts of a batch that are computed one by one, or by --workers; they change the last bits',
    rule: whole(1, 4_096),
    presets: { default: 1 },
    before: 1,
  }),
  optimizer: setting({
    flag: '--optimizer <name>',
    help: 'optimizer',
    rule: choice(OPTIMIZER_NAMES),
    presets: { default: 'adagrad' },
    before: 'adagrad',
  }),
  lr: setting({
    flag: '--lr <x>',
    help: `learning rate; ${rateHelp} where it is not given with --optimizer`,
    rule: positive(1_000),
    presets: { default: 0.1, 'micro-rnn': 0.05, notebook: 0.01 },
  }),
  schedule: setting({
    flag: '--schedule <name>',
    help: 'learning rate over the --iterations of the run',
    rule: choice(SCHEDULE_NAMES),
    presets: { default: 'constant' },
    before: 'constant',
  }),
  /** Epsilon of Adagrad. Inside the root: p −= lr·g / √(s + ε). Outside: p −= lr·g / (√s + ε). */
  epsilon: setting({
    rule: number({ above: 0, below: 1 }),
    presets: { default: 1e-5, 'min-char-rnn': 1e-8 },
  }),
  epsilonInside: setting({ rule: boolean, presets: { default: true } }),
  clip: setting<Clip>({
    flag: '--clip <x|none>',
    help: 'clip gradients by value, to ±x',
    rule: nullable(clipAt('value'), 'none'),
    or: {
      flag: '--clip-norm <x>',
      help: 'clip gradients by global norm',
      rule: clipAt('norm'),
      conflict: '--clip (by value) and --clip-norm (by global norm) exclude each other',
    },
    presets: {
      default: { by: 'norm', at: 0.1 },
      'min-char-rnn': { by: 'value', at: 5 },
      'micro-rnn': { by: 'value', at: 3 },
    },
  }),
  init: setting<Init>({
    flag: '--init <name|x>',
    help: 'initial weights',
    rule: {
      parse: (flag, typed) => (/^[+-.\d]/.test(typed) ? normalInit : namedInit).parse(flag, typed),
      accepts: (value) => normalInit.accepts(value) || namedInit.accepts(value),
      format: (init) => (typeof init === 'string' ? init : normalInit.format(init)),
      hint: `${INIT_NAMES.join(', ')}, or x for x·N`,
    },
    presets: {
      default: { normal: 0.05 },
      'min-char-rnn': { normal: 0.01 },
      'micro-rnn': 'fan-in',
      notebook: { normal: 0.1 },
      ...course('xavier-normal'),
    },
  }),
  /** Reduction of the loss over the characters of a window. */
  reduction: setting({
    rule: choice(['sum', 'mean']),
    presets: { default: 'mean', 'min-char-rnn': 'sum' },
  }),
  /**
   * Weight of the past in the smoothed loss, which starts at ln V, the loss of uniform guessing.
   */
  smoothing: setting({
    rule: number({ from: 0, below: 1 }),
    presets: { default: 0.99, 'min-char-rnn': 0.999 },
  }),
  /** Resets the hidden state to zeros where the text restarts, at p + T + 1 ≥ length. */
  resetAtEnd: setting({ rule: boolean, presets: { default: true } }),
  evalEvery: setting({
    flag: '--eval-every <n>',
    help: 'iterations between losses on held-out text, 0: none; the best weights are kept and saved',
    rule: whole(0, 1_000_000_000),
    presets: { default: 0 },
    before: 0,
  }),
  patience: setting({
    flag: '--patience <n>',
    help: 'end after this number of held-out losses that are not better than the best',
    rule: nullable(whole(1, 1_000_000)),
    presets: { default: null },
    before: null,
    resumable: true,
  }),
  iterations: setting({
    flag: '--iterations <n>',
    help: 'windows to train on; removes the time limit unless --seconds is given',
    rule: whole(1, 1_000_000_000),
    presets: { default: 24_000, 'min-char-rnn': 100_000, 'micro-rnn': 20_000 },
    resumable: true,
  }),
  seconds: setting({
    flag: '--seconds <x>',
    help: 'time limit; the run ends with whichever is first',
    rule: nullable(positive(1e9)),
    // Only machines much slower than those it was chosen on reach the default.
    presets: { default: 98, 'min-char-rnn': null },
    resumable: true,
  }),
  seed: setting({
    flag: '--seed <n>',
    help: 'random seed; the same seed gives the same bits',
    rule: whole(0, 2 ** 32 - 1),
    presets: { default: 1 },
  }),
  dtype: setting({
    flag: '--dtype <name>',
    help: 'dtype of the computation',
    rule: choice(['float32', 'float64']),
    presets: { default: 'float32', 'min-char-rnn': 'float64' },
  }),
  kernels: setting({
    flag: '--kernels <name>',
    help: 'kernels (strict and reference ones give the same bits on every machine; wide ones those of fast)',
    rule: choice(KERNEL_CHOICES),
    // Comparisons with published figures need the same bits everywhere.
    presets: { default: 'fastest', 'min-char-rnn': 'strict' },
    resumable: true,
  }),
  sampleEvery: setting({
    flag: '--sample-every <n>',
    help: 'iterations between samples, 0: no samples',
    rule: whole(0, 1_000_000_000),
    presets: { default: 4_000, 'min-char-rnn': 100, 'micro-rnn': 1_000, ...course(1_000) },
    resumable: true,
  }),
  sampleLength: setting({
    flag: '--sample-length <n>',
    help: 'characters in a sample',
    rule: whole(1, 1_000_000),
    presets: { default: 300, 'min-char-rnn': 200 },
    resumable: true,
  }),
  temperature: setting({
    flag: '--temperature <x>',
    help: 'sampling temperature: logits are divided by it; 0: always the likeliest character',
    rule: temperatureRule,
    presets: { default: 0.8, 'min-char-rnn': 1 },
    resumable: true,
  }),
};

/** The type of the values of a setting or flag. Switches are true. */
export type Value<S> = S extends { readonly rule: Rule<infer T> } ? T : true;

/** The settings of a run. */
export type TrainConfiguration = { readonly [K in keyof typeof SETTINGS]: Value<(typeof SETTINGS)[K]> };

/** Every setting with its key. */
export const settingEntries = (): [keyof TrainConfiguration, Setting<unknown>][] =>
  Object.entries(SETTINGS) as [keyof TrainConfiguration, Setting<unknown>][];
