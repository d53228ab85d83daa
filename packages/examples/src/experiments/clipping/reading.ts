/** What the runs say about clipping: which diverged, which of these clipping saved, and how often gradients were large. */
import type { Clip } from '../../char-rnn/configuration.ts';
import { type SeriesInk, seriesInk } from '../../plots/theme.ts';
import type { Config, Outcome } from '../clipping.ts';
import type { Claim, DonePart } from '../common/experiment.ts';
import { groupBy } from '../common/groups.ts';
import { alikeWords, lowest } from '../common/ranking.ts';
import { mean, median } from '../common/statistics.ts';
import { count, list, medianRange, percent, plusMinus, short } from '../common/words.ts';

export type Run = DonePart<Config, Outcome>;

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

/** Whether a run ended with a loss above the one that it began with, or with none that is finite. */
export function diverged({ outcome: { finalLoss, firstLoss } }: Run): boolean {
  return finalLoss === null || !(finalLoss <= firstLoss);
}

/** Whether a run ended better than who knows the frequencies of letters and nothing else. */
export function learned({ outcome: { finalLoss, letters } }: Run): boolean {
  return finalLoss !== null && finalLoss < letters;
}

/** Final losses; those that are not finite are infinite. */
export function finals({ runs }: Pick<Group, 'runs'>): number[] {
  return runs.map(({ outcome }) => outcome.finalLoss ?? Number.POSITIVE_INFINITY);
}

/** `2.3 ± 0.1`, with how many came to none. */
export function finalWords(group: Pick<Group, 'runs'>): string {
  const finite = finals(group).filter(Number.isFinite);
  const lost = group.runs.length - finite.length;
  if (finite.length === 0) return 'not finite';
  return `${plusMinus(finite)}${lost === 0 ? '' : ` (and ${lost} not finite)`}`;
}

/** Shares of steps that were spikes, run by run. */
export function spikeShares({ runs }: Pick<Group, 'runs'>): number[] {
  return runs.map(({ outcome }) => (outcome.steps === 0 ? 1 : outcome.spikes / outcome.steps));
}

/** The runs of a group whose seed diverges without clipping: only these can show that clipping prevents it. */
function endangered(group: Group, groups: readonly Group[]): Run[] {
  const seeds = unclipped(groups)
    .runs.filter(diverged)
    .map(({ config }) => config.seed);
  return group.runs.filter(({ config }) => seeds.includes(config.seed));
}

export function divergenceSentence(groups: readonly Group[]): string {
  const { runs } = unclipped(groups);
  const lost = runs.filter(diverged);
  const means = 'ends with a loss above the one that it began with, or with none that is finite';
  if (lost.length === 0)
    return `Without clipping none of ${count(runs.length, 'run')} diverges (none ${means}): here there is nothing for clipping to prevent.`;
  const first = lost.map(({ outcome }) => outcome.firstLoss);
  const saved = clippings(groups).map((group) => {
    const there = endangered(group, groups);
    return { name: group.name, kept: there.filter((run) => !diverged(run)).length, of: there.length };
  });
  const names = (which: (kept: number, of: number) => boolean): string[] =>
    saved.filter(({ kept, of }) => which(kept, of)).map(({ name }) => name);
  const [all, none] = [names((kept, of) => kept === of), names((kept) => kept === 0)];
  const some = saved.filter(({ name }) => !all.includes(name) && !none.includes(name));
  const parts = [
    ...(all.length === 0 ? [] : [`all with ${list(all)}`]),
    ...some.map(({ name, kept, of }) => `${kept} of ${of} with ${name}`),
    ...(none.length === 0 ? [] : [`none with ${list(none)}`]),
  ];
  return (
    `Without clipping ${lost.length} of ${count(runs.length, 'run')} ${lost.length === 1 ? 'diverges' : 'diverge'} (a run that does ${means}): ` +
    `from ${medianRange(first)} nats to ${finalWords({ runs: lost })}. Of the same seeds clipping saves ${parts.join('; ')}.`
  );
}

export function bestSentence(groups: readonly Group[]): string {
  // Runs that diverge end anywhere: losses spread over powers of ten, and are compared as such.
  const { best, alike } = lowest(groups, (group) => finals(group).map(Math.log));
  if (!Number.isFinite(mean(finals(best)))) return 'No setting ends with a finite loss for every seed.';
  return `The lowest final loss, ${plusMinus(finals(best))} nats, comes with ${worded(best)}${alikeWords(alike.map(worded))}.`;
}

export function spikeSentence(groups: readonly Group[]): string {
  const { spikeAbove } = groups[0]!.runs[0]!.config;
  const good = groups.flatMap(({ runs }) => runs).filter(learned);
  const typical = median(good.map(({ outcome }) => outcome.medianNorm));
  const aside =
    good.length === 0 ? '' : ` (half the steps of a run that learns are below ${short(typical, 2)})`;
  const what = `Spikes are steps whose gradient has a norm over ${spikeAbove} before clipping${aside}`;
  const shares = groups.map((group) => `${percent(mean(spikeShares(group)))} with ${worded(group)}`);
  return `${what}: ${list(shares)} (means over runs).`;
}

/** One row for clipping by small norms, by large ones, and by value. None where no unclipped run diverged: there is nothing to hold them against. */
export function divergenceClaims(groups: readonly Group[]): Claim[] {
  const all = clippings(groups);
  const kinds: readonly [claim: string, of: readonly Group[]][] = [
    ['Moderate clipping, by a global norm of AT, prevents divergence', pick(all, 'norm', (at) => at <= 1)],
    ['Clipping by a global norm of AT prevents divergence', pick(all, 'norm', (at) => at > 1)],
    ['Clipping by value, at AT, prevents divergence', pick(all, 'value', () => true)],
  ];
  return kinds.flatMap(([claim, members]) => {
    const runs = members.flatMap((group) => endangered(group, groups));
    if (runs.length === 0) return [];
    const evidence = members.map((group) => {
      const there = endangered(group, groups);
      const kept = there.filter((run) => !diverged(run)).length;
      return `${group.name}: ${kept} of ${there.length} kept, final loss ${finalWords({ runs: there })}`;
    });
    const without = unclipped(groups).runs.filter(diverged);
    return [
      {
        claim: claim.replace(
          'AT',
          list(members.map(({ clip }) => String(clip?.at))).replace(' and ', ' or '),
        ),
        held: runs.filter((run) => !diverged(run)).length,
        of: runs.length,
        evidence: `${evidence.join('; ')}; the same seeds without clipping: ${finalWords({ runs: without })}. Only seeds that diverge without clipping count.`,
      },
    ];
  });
}

function pick(groups: readonly Group[], by: 'norm' | 'value', at: (at: number) => boolean): Group[] {
  return groups.filter(({ clip }) => clip?.by === by && at(clip.at));
}

function unclipped(groups: readonly Group[]): Group {
  return groups.find(({ clip }) => clip === null)!;
}

function clippings(groups: readonly Group[]): Group[] {
  return groups.filter(({ clip }) => clip !== null);
}

function nameOf(clip: Clip): string {
  return clip === null ? 'none' : `${clip.by} ${clip.at}`;
}

/** A setting's name within a sentence, where `none` would be misread. */
function worded({ name, clip }: Group): string {
  return clip === null ? 'no clipping' : name;
}
