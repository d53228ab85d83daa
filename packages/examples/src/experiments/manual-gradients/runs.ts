/** The runs of manual gradients, by cell and dtype. */
import { groupBy } from '../../common/groups.ts';
import type { DonePart } from '../common/experiment.ts';
import type { Config, Outcome } from './run.ts';

export type Run = DonePart<Config, Outcome>;

export const DTYPES = ['float64', 'float32'] as const;
export type Dtype = (typeof DTYPES)[number];

/** Unit roundoff: half the distance from 1 to the next number. */
export const ROUNDING = { float64: 2 ** -53, float32: 2 ** -24 } as const;

/** All runs, and the longest window. */
export interface Runs {
  readonly all: readonly Run[];
  readonly longest: number;
  readonly seeds: string;
}

export function byCell({ all }: Runs, dtype: Dtype): [cell: string, runs: Run[]][] {
  const runs = all.filter(({ config }) => config.dtype === dtype);
  return groupBy(runs, ({ config }) => config.cell.toUpperCase());
}

export function worstParameter({ outcome }: Run): number {
  return Math.max(...Object.values(outcome.parameters));
}
