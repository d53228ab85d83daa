/** What the runs say, in numbers and sentences. */
import { plain } from '../../plots/scale.ts';
import { type SeriesInk, seriesInk } from '../../plots/theme.ts';
import { turnOf } from '../common/flow.ts';
import { groupBy } from '../common/groups.ts';
import { median } from '../common/statistics.ts';
import { count, list, medianRange, short } from '../common/words.ts';
import type { Outcome } from '../gradient-flow.ts';
import {
  beatsPower,
  DESCRIBED,
  explodes,
  isDescribed,
  isStraight,
  type Run,
  STRAIGHT,
  shareLeft,
  slowsDown,
  vanishes,
} from './verdict.ts';
import { exponentWords, howMany, of, wherefrom } from './words.ts';

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
  /** Runs that lose more than half of the gradient over the longest sequence. */
  readonly vanishing: readonly Run[];
  /** Those of them that some law describes, and those that none does. */
  readonly described: readonly Run[];
  readonly lawless: readonly Run[];
  /** The group whose radius is nearest to 0.9. */
  readonly usual: Group;
  readonly lengths: readonly number[];
  /** How many sequences the loss sums up. */
  readonly batch: number;
  /** The length between the shorter and the longer. */
  readonly turn: number;
  /** `5 seeds`. */
  readonly seeds: string;
  readonly sentences: Readonly<Record<'regimes' | 'bound' | 'lengths' | 'laws' | 'curvature', string>>;
}

export function summaryOf(parts: readonly Run[]): Summary {
  const groups = groupBy(parts, ({ config }) => String(config.radius)).map(([, runs], i) => ({
    radius: runs[0]!.config.radius,
    runs,
    rates: runs.map(({ outcome }) => outcome.rate),
    ink: seriesInk(i),
  }));
  const { lengths, batch } = parts[0]!.config;
  const vanishing = parts.filter(vanishes);
  const all = {
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
  const sentences = {
    regimes: regimesSentence(all),
    bound: boundSentence(parts, all),
    lengths: lengthsSentence(all),
    laws: lawsSentence(all),
    curvature: curvatureSentence(all),
  };
  return { ...all, sentences };
}

type Known = Omit<Summary, 'sentences'>;

function regimesSentence({ groups, lengths }: Known): string {
  const [first, last] = [groups[0]!, groups.at(-1)!];
  const across = ({ runs, radius }: Group): string =>
    `by a factor of ${short(median(runs.map(shareLeft)), 2)} at radius ${plain(radius)}`;
  return (
    `A step back multiplies the gradient by ${groups.map(({ radius, rates }) => `${short(median(rates), 3)} at radius ${plain(radius)}`).join(', ')}. ` +
    `Over ${lengths.at(-1)! - 1} steps it changes ${across(first)}, and ${across(last)}: more than half is lost in ${howMany(groups, vanishes)}; it more than doubles in ${howMany(groups, explodes)}.`
  );
}

function boundSentence(parts: readonly Run[], { usual }: Known): string {
  const above = parts.filter(({ outcome }) => outcome.rate > outcome.bound).length;
  const nearer = parts.filter(
    ({ config, outcome }) => Math.abs(config.radius - outcome.rate) < Math.abs(outcome.bound - outcome.rate),
  ).length;
  const slope = median(parts.map(({ outcome }) => outcome.bound / outcome.sigma));
  const why =
    slope > 0.99
      ? ', since some unit is always far from saturation, so that the bound is hardly below σ_max'
      : '';
  return (
    `The bound σ_max(W_hh)·max(1 − h²) holds in ${parts.length - above} of ${count(parts.length, 'run')}: at radius ${plain(usual.radius)} it allows ${of(usual.runs, (each) => each.bound)} a step where ${medianRange(usual.rates)} was measured. ` +
    `max(1 − h²) is ${short(slope)}${why}. The spectral radius itself is nearer to what was measured in ${nearer} of ${parts.length}.`
  );
}

function lengthsSentence({ usual: { runs, radius } }: Known): string {
  const { off, rate, power, r2 } = {
    off: of(runs, (each) => each.laws.exponential.off, 3),
    rate: of(runs, (each) => each.laws.exponential.rate, 3),
    power: of(runs, (each) => each.laws.power.off, 3),
    r2: of(runs, (each) => each.laws.exponential.r2, 5),
  };
  return `At radius ${plain(radius)} the gradient at the first step goes with T as ${rate}^T, which is off by a factor of ${off} where the best power of T is off by ${power}; R² is ${r2}.`;
}

function lawsSentence({ groups, vanishing, described, lawless }: Known): string {
  if (vanishing.length === 0)
    return 'The gradient vanishes in no run, so that no law of its decay can be asked for.';
  const none = `describes half of how log ‖∂L/∂h_1‖ varies (R² below ${DESCRIBED})`;
  if (described.length === 0) return `Where the gradient vanishes, no law that is tried ${none}.`;
  const held = (test: (run: Run) => boolean): string =>
    `${described.filter(test).length} of ${count(described.length, 'run')}`;
  const without =
    lawless.length === 0 ? '' : ` Not counted: ${wherefrom(groups, lawless)}, in which no law ${none}.`;
  return (
    `Where the gradient vanishes, an exponential describes it better than a power of T in ${held(beatsPower)}. ` +
    `Fitted as exp(−k·T^a), the exponent a is ${exponentWords(described)}, and within ${STRAIGHT[0]} … ${STRAIGHT[1]}, about a straight line's 1, in ${held(isStraight)}.${without}`
  );
}

function curvatureSentence({ groups, vanishing, lengths, turn }: Known): string {
  if (vanishing.length === 0) return 'Whether decay slows down cannot be asked where nothing vanishes.';
  const slower = vanishing.filter(slowsDown).length;
  const mostly = 2 * slower >= vanishing.length;
  const factors = groups
    .map(({ radius, runs }) => ({ radius, fading: runs.filter(vanishes) }))
    .filter(({ fading }) => fading.length > 0)
    .map(({ radius, fading }) => {
      const middle = (pick: (outcome: Outcome) => number): string =>
        short(median(fading.map(({ outcome }) => pick(outcome))), 3);
      return `${middle((each) => each.early)} → ${middle((each) => each.late)} at radius ${plain(radius)} (slower in ${fading.filter(slowsDown).length} of ${fading.length})`;
    });
  return (
    `Where the gradient vanishes, decay ${mostly ? 'slows down' : 'speeds up'} with T in ${mostly ? slower : vanishing.length - slower} of ${count(vanishing.length, 'run')}: ` +
    `from T = ${lengths[0]} … ${turn} to ${turn} … ${lengths.at(-1)} the median factor of a step goes ${list(factors)}.`
  );
}
