/** Which runs diverged, which of them clipping saved, and how often gradients were large. */
import type { Clip } from '../../char-rnn/settings.ts';
import { groupBy } from '../../common/groups.ts';
import { type SeriesInk, seriesInk } from '../../plots/theme.ts';
import { diverged, learned, type Run } from './outcome.ts';

/** All runs with one clipping. */
export interface Group {
  readonly name: string;
  readonly clip: Clip;
  readonly runs: readonly Run[];
  readonly ink: SeriesInk;
}

export function groupsOf(parts: readonly Run[]): Group[] {
  return groupBy(parts, ({ config }) => nameOf(config.clip)).map(([name, runs], i) => ({
    name,
    clip: runs[0]!.config.clip,
    runs,
    ink: seriesInk(i),
  }));
}

function nameOf(clip: Clip): string {
  return clip === null ? 'none' : `${clip.by} ${clip.at}`;
}

export function unclipped(groups: readonly Group[]): Group {
  return groups.find(({ clip }) => clip === null)!;
}

/**
 * The groups with clipping. Each has only the runs whose seed diverges without clipping, as others
 * show nothing.
 */
export function endangered(groups: readonly Group[]): Group[] {
  const seeds = unclipped(groups)
    .runs.filter(diverged)
    .map(({ config }) => config.seed);
  return groups
    .filter(({ clip }) => clip !== null)
    .map((group) => ({ ...group, runs: group.runs.filter(({ config }) => seeds.includes(config.seed)) }));
}

/** The runs that learned. */
export function saved({ runs }: Pick<Group, 'runs'>): readonly Run[] {
  return runs.filter(learned);
}

/** Final losses. Infinite for a run that diverged. */
export function finals({ runs }: Pick<Group, 'runs'>): number[] {
  return runs.map(({ outcome }) => outcome.finalLoss ?? Number.POSITIVE_INFINITY);
}

/** Shares of steps that were spikes, by run. */
export function spikeShares({ runs }: Pick<Group, 'runs'>): number[] {
  return runs.map(({ outcome }) => (outcome.steps === 0 ? 1 : outcome.spikes / outcome.steps));
}
