/** Runs of sequence length, by length. */
import type { SeriesInk } from '../../plots/theme.ts';
import type { Outcome } from './run.ts';

/** All runs of one length. */
export interface Group {
  readonly name: string;
  readonly steps: number;
  readonly ink: SeriesInk;
  readonly outcomes: readonly Outcome[];
}

/** Infinite for a run that diverged. */
export function finalOf({ finalLoss }: Outcome): number {
  return (finalLoss as number | null) ?? Number.POSITIVE_INFINITY;
}

/** Infinite for a run that diverged. */
export function heldOutOf({ heldOutLoss }: Outcome): number {
  return (heldOutLoss as number | null) ?? Number.POSITIVE_INFINITY;
}

export function normOf({ meanNorm }: Outcome): number {
  return meanNorm;
}
