/** Findings and claims of clipping. */
import type { Clip } from '../../char-rnn/settings.ts';
import { count, formatMedian, list, medianRange, percent, plusMinus, short } from '../../common/format.ts';
import { mean } from '../../common/statistics.ts';
import type { Claim } from '../common/experiment.ts';
import { lowest, tiedSentences } from '../common/ranking.ts';
import { endangered, finals, type Group, saved, spikeShares, unclipped } from './analysis.ts';
import { bestTenth, diverged, learned, OUTCOMES, outcomeOf, RELAPSE, type Run } from './outcome.ts';

export function headline(groups: readonly Group[]): string {
  const { runs } = unclipped(groups);
  const lost = runs.filter(diverged).length;
  const without = `Without clipping ${lost} of ${count(runs.length, 'run')} ${lost === 1 ? 'diverges' : 'diverge'}`;
  if (lost === 0) return `${without}, so there is no divergence for clipping to prevent.`;
  const all = endangered(groups).filter((group) => saved(group).length === group.runs.length);
  return all.length === 0
    ? `${without}; no clipping saves all of them.`
    : `${without}; clipping by ${list(all.map(({ name }) => name))} saves all of them.`;
}

export function divergenceSentences(groups: readonly Group[]): string[] {
  const { runs } = unclipped(groups);
  const lost = runs.filter(diverged);
  if (lost.length === 0) return [headline(groups)];
  const first = medianRange(lost.map(({ outcome }) => outcome.firstLoss));
  const tried = endangered(groups);
  const [all, none] = [
    tried.filter((group) => saved(group).length === group.runs.length),
    tried.filter((group) => saved(group).length === 0),
  ];
  const some = tried.filter((group) => !all.includes(group) && !none.includes(group));
  const names = (of: readonly Group[]): string => list(of.map(({ name }) => name));
  const { letters } = runs[0]!.outcome;
  return [
    `Without clipping ${lost.length} of ${count(runs.length, 'run')} ${lost.length === 1 ? 'diverges' : 'diverge'}: from ${first} nats to ${formatFinals({ runs: lost })}.`,
    ...(all.length === 0 ? [] : [`Of the same seeds, all are saved by ${names(all)}.`]),
    ...some.map((group) => `${saved(group).length} of ${group.runs.length} are saved by ${group.name}.`),
    ...(none.length === 0 ? [] : [`None is saved by ${names(none)}.`]),
    `A saved run ends below letter frequencies (${short(letters)} nats) and at most ${RELAPSE} nats above its best tenth.`,
    ...tried.flatMap(aboveBestSentences),
    ...tried.flatMap(relapseSentences),
  ];
}

/** What the saved runs of a setting lost since their best tenth, if that shows in three digits. */
function aboveBestSentences(group: Group): string[] {
  const above = saved(group).map((run) => run.outcome.finalLoss! - bestTenth(run));
  if (above.length === 0 || Math.max(...above) < 0.005) return [];
  return [
    `With ${group.name} the saved ${above.length === 1 ? 'run ends' : 'runs end'} ${medianRange(above)} nats above that best.`,
  ];
}

function relapseSentences({ name, runs }: Group): string[] {
  const lost = runs.filter((run) => outcomeOf(run) === 'relapsed');
  if (lost.length === 0) return [];
  const final = medianRange(lost.map(({ outcome }) => outcome.finalLoss!));
  return [
    `With ${name}, ${count(lost.length, 'run')} ${lost.length === 1 ? 'relapses' : 'relapse'}: from ${medianRange(lost.map(bestTenth))} nats, the best tenth, to ${final}.`,
  ];
}

export function bestSentences(groups: readonly Group[]): string[] {
  // Final losses of runs that diverge span powers of ten, so their logarithms are compared.
  const { best, tied } = lowest(groups, (group) => finals(group).map(Math.log));
  if (!Number.isFinite(mean(finals(best)))) return ['No setting ends with a finite loss for every seed.'];
  return [
    `The lowest final loss is ${plusMinus(finals(best))} nats, with ${settingName(best)}.`,
    ...tiedSentences(tied.map(settingName)),
  ];
}

export function spikeSentences(groups: readonly Group[]): string[] {
  const { spikeAbove } = groups[0]!.runs[0]!.config;
  const norms = groups.flatMap(({ runs }) => runs.filter(learned)).map(({ outcome }) => outcome.medianNorm);
  const share = (group: Group): string => `${percent(mean(spikeShares(group)))} with ${settingName(group)}`;
  const byShare = [...groups].sort((a, b) => mean(spikeShares(b)) - mean(spikeShares(a)));
  return [
    `Spikes are steps with a gradient norm over ${spikeAbove} before clipping.`,
    `Most frequent are ${share(byShare[0]!)}; least, ${share(byShare.at(-1)!)} (means over runs).`,
    ...(norms.length === 0 ? [] : [`The median norm of a run that learns is ${formatMedian(norms)}.`]),
  ];
}

/** A claim for each setting. None if no unclipped run diverges. */
export function claims(groups: readonly Group[]): Claim[] {
  const without = unclipped(groups).runs.filter(diverged);
  if (without.length === 0) return [];
  const { letters } = without[0]!.outcome;
  return endangered(groups).map(({ clip, runs }) => ({
    claim: `${claimName(clip)} prevents divergence, and what was learned stays`,
    held: runs.filter(learned).length,
    of: runs.length,
    evidence: [
      `${formatOutcomes(runs)}: final loss ${formatFinals({ runs })} nats, best tenth ${medianRange(runs.map(bestTenth))}.`,
      `The same seeds without clipping: ${formatFinals({ runs: without })} nats. Other seeds do not count.`,
      `Holds if a run ends below letter frequencies (${short(letters)}) and at most ${RELAPSE} above its best tenth.`,
    ],
  }));
}

/** `1 learned, 7 relapsed`. */
export function formatOutcomes(runs: readonly Run[]): string {
  return OUTCOMES.map((outcome) => ({
    outcome,
    runs: runs.filter((run) => outcomeOf(run) === outcome).length,
  }))
    .filter((each) => each.runs > 0)
    .map((each) => `${each.runs} ${each.outcome}`)
    .join(', ');
}

/** `2.3 ± 0.1`, with the number of runs that are not finite. */
export function formatFinals(group: Pick<Group, 'runs'>): string {
  const finite = finals(group).filter(Number.isFinite);
  const lost = group.runs.length - finite.length;
  if (finite.length === 0) return 'not finite';
  return `${plusMinus(finite)}${lost === 0 ? '' : ` (and ${lost} not finite)`}`;
}

function claimName(clip: Clip): string {
  if (clip?.by === 'value') return `Clipping by value, at ${clip.at},`;
  return clip !== null && clip.at <= 1
    ? `Moderate clipping, by a global norm of ${clip.at},`
    : `Clipping by a global norm of ${clip?.at}`;
}

/** A setting within a sentence, where `none` would be misread. */
function settingName({ name, clip }: Group): string {
  return clip === null ? 'no clipping' : name;
}
