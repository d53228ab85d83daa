/** What the runs say about clipping: which diverged, which of these clipping saved, and how often gradients were large. */
import type { Clip } from '../../char-rnn/settings.ts';
import { type SeriesInk, seriesInk } from '../../plots/theme.ts';
import type { Claim } from '../common/experiment.ts';
import { groupBy } from '../common/groups.ts';
import { alikeWords, lowest } from '../common/ranking.ts';
import { mean, median } from '../common/statistics.ts';
import { count, list, medianRange, percent, plusMinus, short } from '../common/words.ts';
import { bestTenth, diverged, FATES, fateOf, learned, RELAPSE, type Run } from './fate.ts';

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
    return `Without clipping none of ${count(runs.length, 'run')} diverges (none ${means}): here there is no divergence for clipping to prevent.`;
  const first = lost.map(({ outcome }) => outcome.firstLoss);
  const tried = clippings(groups).map((group) => ({ ...group, runs: endangered(group, groups) }));
  const kept = (group: Group): number => group.runs.filter(learned).length;
  const [all, none] = [
    tried.filter((each) => kept(each) === each.runs.length),
    tried.filter((each) => kept(each) === 0),
  ];
  const some = tried.filter((each) => !all.includes(each) && !none.includes(each));
  const names = (of: readonly Group[]): string => list(of.map(({ name }) => name));
  const parts = [
    ...(all.length === 0 ? [] : [`all with ${names(all)}`]),
    ...some.map((each) => `${kept(each)} of ${each.runs.length} with ${each.name}`),
    ...(none.length === 0 ? [] : [`none with ${names(none)}`]),
  ];
  const { letters } = runs[0]!.outcome;
  return [
    `Without clipping ${lost.length} of ${count(runs.length, 'run')} ${lost.length === 1 ? 'diverges' : 'diverge'} (a run that does ${means}): ` +
      `from ${medianRange(first)} nats to ${finalWords({ runs: lost })}. Of the same seeds clipping saves ${parts.join('; ')}. ` +
      `A saved run ends below letter frequencies (${short(letters)} nats), and at most ${RELAPSE} nats above its own best tenth.`,
    ...tried.flatMap(aboveBestWords),
    ...tried.flatMap(relapseWords),
  ].join(' ');
}

/** What the saved runs of a setting have lost since their best, where that is anything. */
function aboveBestWords({ name, runs }: Group): string[] {
  const above = runs.filter(learned).map((run) => run.outcome.finalLoss! - bestTenth(run));
  // What is less does not show in losses of three digits.
  if (above.length === 0 || Math.max(...above) < 0.005) return [];
  return [
    `With ${name} the saved ${above.length === 1 ? 'run ends' : 'runs end'} ${medianRange(above)} nats above that best.`,
  ];
}

function relapseWords({ name, runs }: Group): string[] {
  const lost = runs.filter((run) => fateOf(run) === 'relapsed');
  if (lost.length === 0) return [];
  const best = medianRange(lost.map(bestTenth), 3);
  const finals = medianRange(
    lost.map(({ outcome }) => outcome.finalLoss!),
    3,
  );
  return [
    `With ${name}, ${count(lost.length, 'run')} ${lost.length === 1 ? 'relapses' : 'relapse'}: from ${best} nats, the best tenth, to ${finals} at the end.`,
  ];
}

/** `1 learned, 7 relapsed`. */
export function fatesWords(runs: readonly Run[]): string {
  return FATES.map((fate) => ({ fate, runs: runs.filter((run) => fateOf(run) === fate).length }))
    .filter((each) => each.runs > 0)
    .map((each) => `${each.runs} ${each.fate}`)
    .join(', ');
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

/** One row for each setting. None where no unclipped run diverged: there is nothing to hold them against. */
export function divergenceClaims(groups: readonly Group[]): Claim[] {
  const without = unclipped(groups).runs.filter(diverged);
  if (without.length === 0) return [];
  const { letters } = without[0]!.outcome;
  return clippings(groups).map((group) => {
    const runs = endangered(group, groups);
    return {
      claim: `${settingWords(group.clip)} prevents divergence, and what was learned stays`,
      held: runs.filter(learned).length,
      of: runs.length,
      evidence:
        `${fatesWords(runs)}: final loss ${finalWords({ runs })} nats, best tenth ${medianRange(runs.map(bestTenth), 3)}; the same seeds without clipping: ${finalWords({ runs: without })}. ` +
        `Held: ends below letter frequencies (${short(letters)}), and at most ${RELAPSE} above its own best tenth. Only seeds that diverge without clipping count.`,
    };
  });
}

function settingWords(clip: Clip): string {
  if (clip?.by === 'value') return `Clipping by value, at ${clip.at},`;
  return clip !== null && clip.at <= 1
    ? `Moderate clipping, by a global norm of ${clip.at},`
    : `Clipping by a global norm of ${clip?.at}`;
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
