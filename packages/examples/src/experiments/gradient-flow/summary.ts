/** The runs of gradient flow, grouped. */
import { count } from '../../common/format.ts';
import { groupBy } from '../../common/groups.ts';
import { type SeriesInk, seriesInk } from '../../plots/theme.ts';
import { turnOf } from '../common/flow.ts';
import { isDescribed, type Run, vanishes } from './criteria.ts';

/** The runs of one spectral radius. */
export interface Group {
  readonly radius: number;
  readonly runs: readonly Run[];
  /** Factor of a step back, by run. */
  readonly rates: readonly number[];
  readonly ink: SeriesInk;
}

export interface Summary {
  readonly runs: readonly Run[];
  readonly groups: readonly Group[];
  /** Runs that lose more than half of the gradient over the longest sequence. */
  readonly vanishing: readonly Run[];
  /** Those of them that some law describes, and the others. */
  readonly described: readonly Run[];
  readonly lawless: readonly Run[];
  /** The group whose radius is closest to 0.9. */
  readonly usual: Group;
  readonly lengths: readonly number[];
  /** Number of sequences in the loss. */
  readonly batch: number;
  /** The length that separates the shorter from the longer. */
  readonly turn: number;
  /** `5 seeds`. */
  readonly seeds: string;
}

export function summaryOf(runs: readonly Run[]): Summary {
  const groups = groupBy(runs, ({ config }) => String(config.radius)).map(([, each], i) => ({
    radius: each[0]!.config.radius,
    runs: each,
    rates: each.map(({ outcome }) => outcome.rate),
    ink: seriesInk(i),
  }));
  const { lengths, batch } = runs[0]!.config;
  const vanishing = runs.filter(vanishes);
  return {
    runs,
    groups,
    vanishing,
    described: vanishing.filter(isDescribed),
    lawless: vanishing.filter((run) => !isDescribed(run)),
    usual: groups.reduce((a, b) => (Math.abs(b.radius - 0.9) < Math.abs(a.radius - 0.9) ? b : a)),
    lengths,
    batch,
    turn: turnOf(lengths),
    seeds: count(groups[0]!.runs.length, 'seed'),
  };
}
