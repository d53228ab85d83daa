/** The runs of the learning rates by optimizer, and what they say. */
import { count, list, medianRange, short, toSpread } from '../../common/format.ts';
import { groupBy } from '../../common/groups.ts';
import { median } from '../../common/statistics.ts';
import { type SeriesInk, seriesInk } from '../../plots/theme.ts';
import type { Claim, DonePart } from '../common/experiment.ts';
import type { Config, Outcome } from './run.ts';

/** Seeds agree if the largest suggested rate is at most this many times the smallest. */
const AGREE = 3;
const NAMES = { sgd: 'SGD', adagrad: 'Adagrad', adam: 'Adam' } as const;

/** The runs of an optimizer. */
export interface Group {
  readonly name: string;
  readonly ink: SeriesInk;
  readonly outcomes: readonly Outcome[];
  /** Of the tests that suggest a rate. */
  readonly suggestions: readonly number[];
}

export interface Summary {
  readonly groups: readonly Group[];
  /** `4 seeds`. */
  readonly seeds: string;
  readonly config: Config;
  readonly factors: readonly number[];
}

export function summaryOf(parts: readonly DonePart<Config, Outcome>[]): Summary {
  const groups = groupBy(parts, ({ config }) => config.optimizer).map(([, runs], i): Group => {
    const outcomes = runs.map(({ outcome }) => outcome);
    return {
      name: NAMES[runs[0]!.config.optimizer],
      ink: seriesInk(i),
      outcomes,
      suggestions: outcomes.flatMap(({ suggestion }) => suggestion ?? []),
    };
  });
  const { config } = parts[0]!;
  return { groups, config, factors: config.factors, seeds: count(groups[0]!.outcomes.length, 'seed') };
}

/** Final losses of the i-th factor. Infinite for a training that diverged. */
export function finalsOf({ outcomes }: Pick<Group, 'outcomes'>, factor: number): number[] {
  return outcomes
    .filter(({ suggestion }) => suggestion !== null)
    .map(({ finals }) => finals[factor] ?? Number.POSITIVE_INFINITY);
}

/** How often the suggested rate ends below another one, of how many. */
function wins({ groups, factors }: Summary, other: number): { readonly held: number; readonly of: number } {
  const pairs = groups.flatMap((group) => {
    const others = finalsOf(group, other);
    return finalsOf(group, factors.indexOf(1)).map((loss, i) => loss < others[i]!);
  });
  return { held: pairs.filter(Boolean).length, of: pairs.length };
}

const others = ({ factors }: Summary): number[] => factors.flatMap((each, i) => (each === 1 ? [] : [i]));
const agrees = ({ suggestions }: Group): boolean =>
  Math.max(...suggestions) <= AGREE * Math.min(...suggestions);
const suggesting = ({ groups }: Summary): readonly Group[] =>
  groups.filter(({ suggestions }) => suggestions.length > 0);

export function headline(summary: Summary): string {
  if (suggesting(summary).length === 0) return 'No test suggests a rate, since no smoothed loss falls.';
  const parts = others(summary).map((i) => {
    const { held, of } = wins(summary, i);
    return `${short(summary.factors[i]!)} times it in ${held} of ${of} runs`;
  });
  return `The suggested rate ends below ${list(parts)}.`;
}

export function findings(summary: Summary): string[] {
  return [
    headline(summary),
    ...summary.groups.map(({ name, suggestions, outcomes }) =>
      suggestions.length === 0
        ? `For ${name} no test suggests a rate.`
        : `For ${name}, ${suggestions.length} of ${count(outcomes.length, 'test')} suggest a rate: ${medianRange(suggestions)}.`,
    ),
    ...summary.groups.flatMap((group) => lossSentence(group, summary)),
  ];
}

/** Medians of the losses at each factor, after a sentence about the suggested rate. */
function lossSentence(group: Group, { factors }: Summary): string[] {
  if (group.suggestions.length === 0) return [];
  const losses = factors.map((_, i) => {
    const finals = finalsOf(group, i);
    return Number.isFinite(median(finals)) ? `${toSpread(median(finals), finals)} nats` : 'not finite';
  });
  const times = list(factors.map((factor) => short(factor)));
  return [`Final losses with ${group.name} at ${times} times its rate: ${list(losses)} (medians).`];
}

export function claims(summary: Summary): Claim[] {
  const groups = suggesting(summary);
  if (groups.length === 0) return [];
  const better = others(summary).map((i): Claim => {
    const factor = short(summary.factors[i]!);
    return {
      claim: `Training at the suggested rate ends lower than at ${factor} times that rate`,
      ...wins(summary, i),
      evidence: groups.map((group) => {
        const [suggested, other] = [summary.factors.indexOf(1), i].map((each) => ends(finalsOf(group, each)));
        return `${group.name}: ${suggested} at the suggested rate, ${other} at ${factor} times.`;
      }),
    };
  });
  return [
    ...better,
    {
      claim: `Seeds agree on the suggested rate within a factor of ${AGREE}`,
      held: groups.filter(agrees).length,
      of: groups.length,
      counted: 'optimizers',
      evidence: groups.map(({ name, suggestions }) => `${name}: ${medianRange(suggestions)}.`),
    },
  ];
}

/** `2.2 (2.1 … 2.3) nats`, with the number of trainings that are not finite. */
function ends(losses: readonly number[]): string {
  const finite = losses.filter(Number.isFinite);
  const lost = losses.length - finite.length;
  if (finite.length === 0) return 'not finite';
  return `${medianRange(finite)} nats${lost === 0 ? '' : ` (${lost} not finite)`}`;
}
