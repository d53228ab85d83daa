/** What a contestant is: how it is started, and which variants of a case it has. */
import type { Case, CellName } from './cases.ts';

/** Names for `--peer`. */
export const peers = ['chronograd', 'numpy', 'pytorch', 'torch-compile', 'jax', 'tfjs', 'jax-js'] as const;
/** One of them. */
export type Peer = (typeof peers)[number];

/** Somebody who computes, in a process of its own. */
export interface Contestant {
  readonly id: string;
  readonly peer: Peer;
  readonly name: string;
  readonly dtype: 'float32' | 'float64';
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** A program that prints the seconds from import to the first gradient; null where nothing new would be measured. */
  readonly startup: readonly string[] | null;
  /** The variants of a case that it has; none where it has no such case. */
  readonly variants: (spec: Case) => readonly string[];
  /** Whether each variant of each case gets a process of its own: what a just-in-time compiler learned of one must not slow another. */
  readonly fresh: boolean;
  /** Why it cannot take part, and the cure. */
  readonly absent?: string;
}

/** What we call the cell of a case of training: our variants' names begin so. */
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

/** Variants of training by what trains, none where it is not named; a single one of all else. */
export function training(
  variants: Readonly<Partial<Record<CellName | 'embedding', readonly string[]>>>,
): Contestant['variants'] {
  return (spec) =>
    spec.kind === 'train' ? (variants[spec.E > 0 ? 'embedding' : spec.cell] ?? []) : single(spec);
}
