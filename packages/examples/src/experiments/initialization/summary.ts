/** What the runs say, in numbers and sentences. */
import { type SeriesInk, seriesInk } from '../../plots/theme.ts';
import type { DonePart } from '../common/experiment.ts';
import { remaining } from '../common/flow.ts';
import { groupBy } from '../common/groups.ts';
import { alikeWords, lowest } from '../common/ranking.ts';
import { median } from '../common/statistics.ts';
import { count, list, medianRange, short } from '../common/words.ts';
import type { Config, Outcome } from '../initialization.ts';

/** The runs that begin with the same kind of weights. */
export interface Group {
  readonly name: string;
  readonly outcomes: readonly Outcome[];
  readonly ink: SeriesInk;
  /** The factor of a step back, of each run. */
  readonly rates: readonly number[];
  /** Final training losses, infinite where a run diverged. */
  readonly finals: readonly number[];
}

export interface Summary {
  readonly groups: readonly Group[];
  readonly small: Group;
  readonly xavier: Group;
  /** `5 seeds`. */
  readonly seeds: string;
  readonly sentences: Readonly<Record<'flow' | 'twins' | 'loss', string>>;
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
  const known = { groups, small, xavier, seeds: count(small.outcomes.length, 'seed') };
  const { reach } = parts[0]!.config;
  return {
    ...known,
    sentences: { flow: flowSentence(known, reach), twins: twinsSentence(groups), loss: lossSentence(groups) },
  };
}

function flowSentence({ groups, small, xavier }: Omit<Summary, 'sentences'>, reach: number): string {
  const kept = lowest(groups, ({ rates }) => rates.map((rate) => Math.abs(Math.log(rate))), median);
  const left = ({ outcomes }: Group): string =>
    short(median(outcomes.map(({ norms }) => remaining(norms).at(-1)![1])), 2);
  return (
    `Before training, a step back multiplies the gradient by ${medianRange(small.rates)} with ${small.name} and by ${medianRange(xavier.rates)} with ${xavier.name}; ` +
    `nearest to 1 comes ${kept.best.name} with ${medianRange(kept.best.rates)}${alikeWords(namesOf(kept.alike))}. After ${reach - 1} steps ${left(xavier)} of it is left with Xavier, ${left(small)} with small weights.`
  );
}

/** Which settings draw the same recurrent matrix: those whose spectral radius is the same with every seed. */
function twinsSentence(groups: readonly Group[]): string {
  const keyOf = ({ outcomes }: Group): string =>
    outcomes.map(({ radius }) => radius.toPrecision(5)).join(' ');
  // A radius that all seeds have is set, not drawn: the identity and an orthogonal matrix are not the same.
  const drawn = groups.filter(
    ({ outcomes }) => new Set(outcomes.map(({ radius }) => radius.toPrecision(5))).size > 1,
  );
  const twins = groupBy(drawn, keyOf).filter(([, same]) => same.length > 1);
  if (twins.length === 0) return 'No two settings draw the same recurrent matrix.';
  return twins
    .map(
      ([, same]) =>
        `${list(namesOf(same))} draw the same W_hh, which is square, and differ in the weights into and out of the network alone.`,
    )
    .join(' ');
}

function lossSentence(groups: readonly Group[]): string {
  const low = lowest(groups, ({ finals }) => finals, median);
  const high = lowest(groups, ({ finals }) => finals.map((loss) => -loss), median);
  return (
    `After training, ${low.best.name} has the lowest training loss, ${medianRange(low.best.finals, 5)} nats${alikeWords(namesOf(low.alike))}. ` +
    `The highest has ${high.best.name}, ${medianRange(high.best.finals, 5)}.`
  );
}

/** Which losses an axis has room for: all that come within a tenth of a nat of the best setting, and what they reach to. */
export function nearBest(groups: readonly Group[]): { readonly near: readonly Group[]; readonly to: number } {
  const best = Math.min(...groups.map(({ finals }) => median(finals)));
  const near = groups.filter(({ finals }) => median(finals) <= best + 0.1);
  return { near, to: Math.max(...near.flatMap(({ finals }) => finals.filter(Number.isFinite))) };
}

function namesOf(groups: readonly Group[]): string[] {
  return groups.map(({ name }) => name);
}
