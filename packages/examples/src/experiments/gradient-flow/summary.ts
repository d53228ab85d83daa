/** What the runs say, in numbers and sentences. */
import { plain } from '../../plots/scale.ts';
import { type SeriesInk, seriesInk } from '../../plots/theme.ts';
import type { DonePart } from '../common/experiment.ts';
import { remaining } from '../common/flow.ts';
import { groupBy } from '../common/groups.ts';
import { median } from '../common/statistics.ts';
import { count, list, medianRange, short } from '../common/words.ts';
import type { Config, Outcome } from '../gradient-flow.ts';

/** A fit this good is called exponential. */
export const GOOD_FIT = 0.95;

type Run = DonePart<Config, Outcome>;

/** The runs of one spectral radius. */
export interface Group {
  readonly radius: number;
  readonly runs: readonly Run[];
  /** The factor of a step back, of each run. */
  readonly rates: readonly number[];
  readonly ink: SeriesInk;
}

export interface Summary {
  readonly groups: readonly Group[];
  /** Those that lose more than half of the gradient over the longest sequence. */
  readonly vanishing: readonly Group[];
  /** The one whose radius is nearest to 0.9. */
  readonly usual: Group;
  readonly lengths: readonly number[];
  /** `5 seeds`. */
  readonly seeds: string;
  readonly sentences: { readonly regimes: string; readonly bound: string; readonly lengths: string };
}

export function summaryOf(parts: readonly Run[]): Summary {
  const groups = groupBy(parts, ({ config }) => String(config.radius)).map(([, runs], i) => ({
    radius: runs[0]!.config.radius,
    runs,
    rates: runs.map(({ outcome }) => outcome.rate),
    ink: seriesInk(i),
  }));
  const { lengths } = parts[0]!.config;
  const seeds = count(groups[0]!.runs.length, 'seed');
  const usual = groups.reduce((a, b) => (Math.abs(b.radius - 0.9) < Math.abs(a.radius - 0.9) ? b : a));
  const vanishing = groups.filter(({ runs }) => acrossOf(runs) < 0.5);
  const exploding = groups.filter(({ runs }) => acrossOf(runs) > 2);
  const distance = lengths.at(-1)! - 1;
  const regimes =
    `A step back multiplies the gradient by ${groups.map(({ radius, rates }) => `${short(median(rates), 3)} at radius ${plain(radius)}`).join(', ')}. ` +
    `It vanishes for ${radiiOf(vanishing)} and grows for ${radiiOf(exploding)}: over ${distance} steps by a factor of ${short(acrossOf(groups[0]!.runs), 2)} at radius ${plain(groups[0]!.radius)}, and of ${short(acrossOf(groups.at(-1)!.runs), 2)} at ${plain(groups.at(-1)!.radius)}.`;
  const above = parts.filter(({ outcome }) => outcome.rate > outcome.bound).length;
  const nearer = parts.filter(
    ({ config, outcome }) => Math.abs(config.radius - outcome.rate) < Math.abs(outcome.bound - outcome.rate),
  ).length;
  const slopes = parts.map(({ outcome }) => outcome.bound / outcome.sigma);
  const bound =
    `The bound σ_max(W_hh)·max(1 − h²) holds in ${parts.length - above} of ${count(parts.length, 'run')}: at radius ${plain(usual.radius)} it allows ${medianRange(usual.runs.map(({ outcome }) => outcome.bound))} a step where ${medianRange(usual.rates)} was measured. ` +
    `max(1 − h²) is ${short(median(slopes))}${median(slopes) > 0.99 ? ', since some unit is always far from saturation, so that the bound is hardly below σ_max' : ''}. ` +
    `The spectral radius itself is nearer to what was measured in ${nearer} of ${parts.length}.`;
  const fits = parts.map(({ outcome }) => outcome.lengthR2);
  const good = fits.filter((r2) => r2 >= GOOD_FIT).length;
  const acrossLengths = `At radius ${plain(usual.radius)} the gradient at the first step falls with T as ${medianRange(usual.runs.map(({ outcome }) => outcome.lengthRate))}^T, with R² ${medianRange(
    usual.runs.map(({ outcome }) => outcome.lengthR2),
    3,
  )}. One factor for all T describes ${good} of ${count(parts.length, 'run')} with R² ≥ ${GOOD_FIT}.`;
  return { groups, vanishing, usual, lengths, seeds, sentences: { regimes, bound, lengths: acrossLengths } };
}

function radiiOf(groups: readonly { readonly radius: number }[]): string {
  return groups.length === 0 ? 'no radius' : `radius ${list(groups.map(({ radius }) => plain(radius)))}`;
}

/** What is left of the gradient after the longest sequence: a median. */
function acrossOf(runs: readonly Run[]): number {
  return median(runs.map(({ outcome }) => remaining(outcome.norms.at(-1)!).at(-1)![1]));
}
