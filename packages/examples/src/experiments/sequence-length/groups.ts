/** Runs of sequence length, by length. */
import type { SeriesInk } from '../../plots/theme.ts';
import type { Outcome } from '../sequence-length.ts';

/** All runs of one length. */
export interface Group {
  readonly name: string;
  readonly steps: number;
  readonly ink: SeriesInk;
  readonly outcomes: readonly Outcome[];
}

/** Where a run came to no number, the worst there is. */
export function finalOf({ finalLoss }: Outcome): number {
  return (finalLoss as number | null) ?? Number.POSITIVE_INFINITY;
}

export function heldOutOf({ heldOutLoss }: Outcome): number {
  return (heldOutLoss as number | null) ?? Number.POSITIVE_INFINITY;
}

export function normOf({ meanNorm }: Outcome): number {
  return meanNorm;
}
