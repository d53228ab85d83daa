/** The runs of initialization, grouped, and what they say. */
import { count, formatMedian, list, medianRange } from '../../common/format.ts';
import { groupBy } from '../../common/groups.ts';
import { median } from '../../common/statistics.ts';
import { type SeriesInk, seriesInk } from '../../plots/theme.ts';
import type { DonePart } from '../common/experiment.ts';
import { remaining } from '../common/flow.ts';
import { lowest, tiedSentences } from '../common/ranking.ts';
import type { Config, Outcome } from './run.ts';

/** The runs that begin with the same kind of weights. */
export interface Group {
  readonly name: string;
  readonly outcomes: readonly Outcome[];
  readonly ink: SeriesInk;
  /** Factor of a step back, by run. */
  readonly rates: readonly number[];
  /** Final training losses. Infinite for a run that diverged. */
  readonly finals: readonly number[];
}

export interface Summary {
  readonly groups: readonly Group[];
  readonly small: Group;
  readonly xavier: Group;
  /** `5 seeds`. */
  readonly seeds: string;
  /** Steps that the gradient is followed back. */
  readonly reach: number;
}

export function summaryOf(parts: readonly DonePart<Config, Outcome>[]): Summary {
  const groups = groupBy(parts, ({ config }) => config.name).map(([name, runs], i): Group => {
    const outcomes = runs.map(({ outcome }) => outcome);
    return {
      name,
      outcomes,
      ink: seriesInk(i),
      rates: outcomes.map((each) => each.rate),
      finals: outcomes.map((each) => each.finalLoss ?? Number.POSITIVE_INFINITY),
    };
  });
  const named = (name: string): Group => groups.find((group) => group.name === name)!;
  const [small, xavier] = [named('0.01·N (small)'), named('Xavier')];
  return {
    groups,
    small,
    xavier,
    seeds: count(small.outcomes.length, 'seed'),
    reach: parts[0]!.config.reach,
  };
}

export function headline({ small, xavier }: Summary): string {
  return `Before training, a step back multiplies the gradient by ${formatMedian(small.rates)} with small weights and by ${formatMedian(xavier.rates)} with Xavier’s.`;
}

export function findings({ groups, small, xavier, reach }: Summary): string[] {
  const kept = lowest(groups, ({ rates }) => rates.map((rate) => Math.abs(Math.log(rate))), median);
  const left = ({ outcomes }: Group): string =>
    formatMedian(outcomes.map(({ norms }) => remaining(norms).at(-1)![1]));
  const low = lowest(groups, ({ finals }) => finals, median);
  const high = lowest(groups, ({ finals }) => finals.map((loss) => -loss), median);
  return [
    `Before training, a step back multiplies the gradient by ${medianRange(small.rates)} with ${small.name} and by ${medianRange(xavier.rates)} with Xavier.`,
    `Closest to 1 is ${kept.best.name} with ${medianRange(kept.best.rates)}.`,
    ...tiedSentences(namesOf(kept.tied)),
    `After ${reach - 1} steps, a share of ${left(xavier)} is left with Xavier, and ${left(small)} with small weights.`,
    ...twinSentences(groups),
    `After training, ${low.best.name} has the lowest training loss, ${medianRange(low.best.finals)} nats.`,
    ...tiedSentences(namesOf(low.tied)),
    `The highest is that of ${high.best.name}, ${medianRange(high.best.finals)} nats.`,
  ];
}

/** Settings that draw the same recurrent matrix: their spectral radius is equal with every seed. */
function twinSentences(groups: readonly Group[]): string[] {
  const keyOf = ({ outcomes }: Group): string =>
    outcomes.map(({ radius }) => radius.toPrecision(5)).join(' ');
  // A radius that all seeds share is set, not drawn: identity and orthogonal matrices differ all
  // the same.
  const drawn = groups.filter(
    ({ outcomes }) => new Set(outcomes.map(({ radius }) => radius.toPrecision(5))).size > 1,
  );
  return groupBy(drawn, keyOf)
    .filter(([, same]) => same.length > 1)
    .map(
      ([, same]) =>
        `${list(namesOf(same))} draw the same W_hh, which is square. Only their other weights differ.`,
    );
}

/**
 * The settings within a tenth of a nat of the best, and their highest loss: what an axis has room
 * for.
 */
export function nearBest(groups: readonly Group[]): { readonly near: readonly Group[]; readonly to: number } {
  const best = Math.min(...groups.map(({ finals }) => median(finals)));
  const near = groups.filter(({ finals }) => median(finals) <= best + 0.1);
  return { near, to: Math.max(...near.flatMap(({ finals }) => finals.filter(Number.isFinite))) };
}

function namesOf(groups: readonly Group[]): string[] {
  return groups.map(({ name }) => name);
}
