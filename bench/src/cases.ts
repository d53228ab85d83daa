/** The cases of the bench, with their sizes and units. */

/**
 * Cells to train: those that libraries have built in, and the layer-norm LSTM (Ba and others,
 * 2016), which users write.
 */
export type CellName = 'rnn' | 'lstm' | 'gru' | 'lnlstm';

/**
 * A case as contestants receive it. Letters: B batch, T steps, H hidden, V vocabulary, E embedding.
 */
export type Case = { readonly id: string; readonly title: string } & (
  | {
      readonly kind: 'train';
      readonly cell: CellName;
      readonly H: number;
      readonly T: number;
      readonly V: number;
      readonly B: number;
      /**
       * Size of the embedding before the cell. 0 if characters are one-hot vectors or look-ups in
       * its weight.
       */
      readonly E: number;
    }
  | { readonly kind: 'sample'; readonly H: number; readonly V: number; readonly length: number }
  | { readonly kind: 'matmul'; readonly m: number; readonly k: number; readonly n: number }
  | { readonly kind: 'elementwise'; readonly op: 'add' | 'tanh' | 'exp'; readonly n: number }
  | { readonly kind: 'cross-entropy'; readonly rows: number; readonly V: number }
  | { readonly kind: 'gather' | 'scatter'; readonly V: number; readonly E: number; readonly rows: number }
  | { readonly kind: 'small-op'; readonly taped: boolean; readonly chain: number }
  | { readonly kind: 'startup'; readonly whole: boolean }
  | { readonly kind: 'size' }
);

/** A case of training. */
export type TrainCase = Extract<Case, { readonly kind: 'train' }>;

/** A case's kind. */
export type Kind = Case['kind'];

/** A unit, whether higher is better, and the value of `iterations` in `seconds`. */
export interface Measure {
  readonly unit: string;
  readonly better: 'higher' | 'lower';
  readonly value: (iterations: number, seconds: number) => number;
}

const rate = (unit: string, amount: number): Measure => ({
  unit,
  better: 'higher',
  value: (iterations, seconds) => (amount * iterations) / seconds,
});
const duration = (unit: string, perSecond: number, parts = 1): Measure => ({
  unit,
  better: 'lower',
  value: (iterations, seconds) => (seconds * perSecond) / (iterations * parts),
});

/** How a case is measured. */
export function measureOf(each: Case): Measure {
  switch (each.kind) {
    case 'train':
      return rate('characters/s', each.T * each.B);
    case 'sample':
      return rate('characters/s', each.length);
    case 'matmul':
      return rate('GFLOP/s', (2 * each.m * each.k * each.n) / 1e9);
    case 'elementwise':
      return rate('million elements/s', each.n / 1e6);
    case 'small-op':
      return duration('µs per op', 1e6, each.chain);
    case 'startup':
      return duration('ms', 1e3);
    case 'size':
      return { unit: 'KB', better: 'lower', value: (_, bytes) => bytes / 1000 };
    default:
      return duration('µs', 1e6);
  }
}

const train = (H: number, T: number, B: number): Case => ({
  kind: 'train',
  id: `train-h${H}-t${T}-b${B}`,
  title: `Training step, H ${H}, T ${T}, V 65, batch ${B}`,
  ...{ cell: 'rnn', H, T, V: 65, B, E: 0 },
});
const trainCell = (cell: CellName, name: string, B: number): Case => ({
  kind: 'train',
  id: `train-${cell}-b${B}`,
  title: `Training step of ${name}, H 128, T 30, V 65, batch ${B}`,
  ...{ cell, H: 128, T: 30, V: 65, B, E: 0 },
});
const embedding = (B: number): Case => ({
  kind: 'train',
  id: `train-embedding-b${B}`,
  title: `Training step with an embedding of 128 before the RNN, H 128, T 30, V 65, batch ${B}`,
  ...{ cell: 'rnn', H: 128, T: 30, V: 65, B, E: 128 },
});
const matmul = (m: number, k: number, n: number): Case => ({
  kind: 'matmul',
  id: m === n ? `matmul-${n}` : `matmul-${m}x${k}x${n}`,
  title: `Matrix product ${m} × ${k} · ${k} × ${n}`,
  ...{ m, k, n },
});
const elementwise = (op: 'add' | 'tanh' | 'exp', n: number): Case => ({
  kind: 'elementwise',
  id: `${op}-${n}`,
  title: `${op} of ${n.toLocaleString('en')} elements`,
  ...{ op, n },
});
const rows = (kind: 'gather' | 'scatter', V: number): Case => ({
  kind,
  id: `${kind}-${V}`,
  title: `${kind === 'gather' ? 'Embedding lookup' : 'Gradient of an embedding'}: 960 rows of 128, V ${V.toLocaleString('en')}`,
  ...{ V, E: 128, rows: 960 },
});

/** Every case, in the order of the report. */
export const cases: readonly Case[] = [
  ...[1, 8, 32, 128].map((B) => train(128, 30, B)),
  train(256, 50, 32),
  ...[1, 32].map(embedding),
  ...[1, 8, 32, 128].map((B) => trainCell('lstm', 'an LSTM', B)),
  ...[1, 8, 32, 128].map((B) => trainCell('gru', 'a GRU', B)),
  ...[1, 8, 32, 128].map((B) => trainCell('lnlstm', 'a user-written layer-norm LSTM', B)),
  { kind: 'sample', id: 'sample', title: 'Sampling, H 128, V 65, batch 1', H: 128, V: 65, length: 100 },
  ...[32, 64, 128, 256, 512, 1024].map((n) => matmul(n, n, n)),
  matmul(1, 128, 128),
  matmul(32, 128, 512),
  matmul(960, 128, 65),
  ...(['add', 'tanh', 'exp'] as const).flatMap((op) => [elementwise(op, 4096), elementwise(op, 1_000_000)]),
  {
    kind: 'cross-entropy',
    id: 'cross-entropy',
    title: 'Softmax cross-entropy and its gradient, [960, 65]',
    rows: 960,
    V: 65,
  },
  ...[65, 10_000].flatMap((V) => [rows('gather', V), rows('scatter', V)]),
  {
    kind: 'small-op',
    id: 'small-op',
    title: 'One small op ([4] + [4]), no gradient',
    taped: false,
    chain: 1000,
  },
  {
    kind: 'small-op',
    id: 'small-op-taped',
    title: 'One small op ([4] + [4]) and its backward',
    taped: true,
    chain: 1000,
  },
  { kind: 'startup', id: 'startup', title: 'Start of the process to the first gradient', whole: true },
  { kind: 'startup', id: 'startup-import', title: 'Import to the first gradient', whole: false },
  { kind: 'size', id: 'size', title: 'Bundle of everything exported, minified, gzip' },
];

/** The cases of `--quick` without `--case`. */
export const quickCases: readonly string[] = [
  'train-h128-t30-b1',
  'train-h128-t30-b32',
  'sample',
  'matmul-512',
  'matmul-1x128x128',
  'tanh-4096',
  'cross-entropy',
  'small-op',
  'small-op-taped',
  'startup',
  'startup-import',
  'size',
];
