/** Findings of gradient flow. */
import { count, formatMedian, medianRange, plain, short } from '../../common/format.ts';
import { median } from '../../common/statistics.ts';
import { beatsPower, explodes, isStraight, STRAIGHT, shareLeft, slowsDown, vanishes } from './criteria.ts';
import { formatExponents, formatHeld, formatOver, formatPlaces } from './format.ts';
import type { Group, Summary } from './summary.ts';

const NO_LAW = 'no law explains half of the variance of log ‖∂L/∂h_1‖';

export function headline({ groups }: Summary): string {
  const [first, last] = [groups[0]!, groups.at(-1)!];
  return `One step back multiplies the gradient by ${formatMedian(first.rates)} at spectral radius ${plain(first.radius)} and by ${formatMedian(last.rates)} at ${plain(last.radius)}.`;
}

export function findings(summary: Summary): string[] {
  return [
    ...regimeSentences(summary),
    ...lawSentences(summary),
    ...curvatureSentences(summary),
    ...boundSentences(summary),
    ...lengthSentences(summary),
  ];
}

function regimeSentences({ runs, groups, lengths }: Summary): string[] {
  const [first, last] = [groups[0]!, groups.at(-1)!];
  const rate = ({ radius, rates }: Group): string => `${medianRange(rates)} at radius ${plain(radius)}`;
  const change = (group: Group): string =>
    `${short(median(group.runs.map(shareLeft)), 1)} at radius ${plain(group.radius)}`;
  return [
    `A step back multiplies the gradient by ${rate(first)} and by ${rate(last)}.`,
    `Over ${lengths.at(-1)! - 1} steps that is a factor of ${change(first)} and of ${change(last)}.`,
    `More than half of the gradient is lost in ${formatHeld(runs, vanishes)}. It more than doubles in ${formatHeld(runs, explodes)}.`,
  ];
}

function lawSentences({ vanishing, described, lawless }: Summary): string[] {
  if (vanishing.length === 0)
    return ['The gradient vanishes in no run, so no law of its decay can be fitted.'];
  if (described.length === 0) return [`Where the gradient vanishes, ${NO_LAW}.`];
  return [
    `Where the gradient vanishes, an exponential fits it better than a power of T in ${formatHeld(described, beatsPower)}.`,
    `Fitted as exp(−k·T^a), the exponent a is ${formatExponents(described)}.`,
    `It is within ${STRAIGHT[0]} … ${STRAIGHT[1]}, around the 1 of an exponential, in ${formatHeld(described, isStraight)}.`,
    ...(lawless.length === 0 ? [] : [`Not counted: ${formatPlaces(lawless)}, where ${NO_LAW}.`]),
  ];
}

function curvatureSentences({ vanishing }: Summary): string[] {
  if (vanishing.length === 0) return [];
  const slower = vanishing.filter(slowsDown).length;
  const mostly = 2 * slower >= vanishing.length;
  const held = `${mostly ? slower : vanishing.length - slower} of ${count(vanishing.length, 'run')}`;
  return [`Where the gradient vanishes, decay ${mostly ? 'slows down' : 'speeds up'} with T in ${held}.`];
}

function boundSentences({ runs, usual }: Summary): string[] {
  const slopes = runs.map(({ outcome }) => outcome.bound / outcome.sigma);
  const why = median(slopes) > 0.99 ? ': some unit is always far from saturation' : '';
  return [
    `The bound σ_max(W_hh)·max(1 − h²) holds in ${formatHeld(runs, ({ outcome }) => outcome.rate <= outcome.bound)}.`,
    `At radius ${plain(usual.radius)} it allows a factor of ${formatOver(usual.runs, (each) => each.bound)} a step. Measured: ${medianRange(usual.rates)}.`,
    `The median of max(1 − h²) is ${formatMedian(slopes)}${why}.`,
    `The spectral radius is closer to the measured factor in ${formatHeld(
      runs,
      ({ config: { radius }, outcome: { rate, bound } }) => Math.abs(radius - rate) < Math.abs(bound - rate),
    )}.`,
  ];
}

function lengthSentences({ usual: { runs, radius } }: Summary): string[] {
  return [
    `At radius ${plain(radius)} the gradient at the first step changes as ${formatOver(runs, (each) => each.laws.exponential.rate)} to the power T.`,
    `This is off by a factor of ${formatOver(runs, (each) => each.laws.exponential.off)}, the best power of T by ${formatOver(runs, (each) => each.laws.power.off)}.`,
  ];
}
