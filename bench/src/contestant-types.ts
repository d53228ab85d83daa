/** Contestants: how to start one, and which variants of a case it has. */
import type { Case, CellName } from './cases.ts';

/** Names for `--peer`. */
export const peers = [
  'chronograd',
  'numpy',
  'pytorch',
  'torch-compile',
  'jax',
  'tfjs',
  'jax-js',
  'deepbox',
] as const;
/** A peer's name. */
export type Peer = (typeof peers)[number];

/** A library under measurement, in a separate process. */
export interface Contestant {
  readonly id: string;
  readonly peer: Peer;
  readonly name: string;
  readonly dtype: 'float32' | 'float64';
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /**
   * A program that prints the seconds from import to the first gradient. Null if another row
   * measures the same.
   */
  readonly startup: readonly string[] | null;
  /** Its variants of a case, empty if it does not support the case. */
  readonly variants: (spec: Case) => readonly string[];
  /**
   * Whether each variant of each case gets a separate process. A just-in-time compiler's
   * optimization of one must not slow another.
   */
  readonly fresh: boolean;
  /** Why it is unavailable, and the cure. */
  readonly absent?: string;
}

/** Our name for the cell of a training case. It is the prefix of our variants' names. */
export const OUR_CELL: Readonly<Record<CellName, string>> = {
  rnn: 'RNNCell',
  lstm: 'LSTMCell',
  gru: 'GRUCell',
  lnlstm: 'layer-norm cell',
};

/** A case of one op has a single variant. */
export function single(spec: Case): readonly string[] {
  return spec.kind === 'train' || spec.kind === 'startup' || spec.kind === 'size' ? [] : [''];
}

/** Variants of training by cell, empty for other cells. A single variant of all other cases. */
export function training(
  variants: Readonly<Partial<Record<CellName | 'embedding', readonly string[]>>>,
): Contestant['variants'] {
  return (spec) =>
    spec.kind === 'train' ? (variants[spec.E > 0 ? 'embedding' : spec.cell] ?? []) : single(spec);
}
