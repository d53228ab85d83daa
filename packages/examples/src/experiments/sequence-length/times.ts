/** How time grows with the length of the window. */

import { count, short, toSpread } from '../../common/format.ts';
import { linearFit, median } from '../../common/statistics.ts';
import type { Claim, Measured } from '../common/experiment.ts';

/** Time counts as linear if it grows as T to a power this close to 1. */
const MARGIN = 0.1;
/** The number of longest lengths that decide: short windows are dominated by their fixed cost. */
const LONGEST = 4;

/** Key of the measured seconds of a window of T steps in a round. */
export function roundKey(steps: number, round: number): string {
  return `T${steps} round ${round + 1}`;
}

export interface Times {
  /** Milliseconds of a window by T, medians over rounds. */
  readonly window: readonly [steps: number, milliseconds: number][];
  /** Microseconds of a character by T. A window of B streams has T·B characters. */
  readonly character: readonly [steps: number, microseconds: number][];
  readonly rounds: number;
  /** Lengths that the exponent is fitted to. */
  readonly fitted: readonly number[];
  /** p in time ~ Tᵖ, in each round. */
  readonly exponents: readonly number[];
  /** Cost of a character at the longest T, relative to the second longest, in each round. */
  readonly ratios: readonly number[];
}

/** Null if nothing was measured, or only one length. */
export function timesOf(measured: Measured, lengths: readonly number[], batch: number): Times | null {
  const rounds: number[][] = []; // [round][length], seconds
  for (let round = 0; ; round++) {
    const seconds = lengths.map((steps) => measured[roundKey(steps, round)]);
    if (!seconds.every((each) => each !== undefined)) break;
    rounds.push(seconds);
  }
  if (rounds.length === 0 || lengths.length < 2) return null;
  const window = lengths.map((steps, i): [number, number] => [
    steps,
    1000 * median(rounds.map((seconds) => seconds[i]!)),
  ]);
  const fitted = lengths.slice(-LONGEST);
  const from = lengths.length - fitted.length;
  const last = lengths.length - 1;
  return {
    window,
    character: window.map(([steps, milliseconds]) => [steps, (1000 * milliseconds) / (steps * batch)]),
    rounds: rounds.length,
    fitted,
    exponents: rounds.map(
      (seconds) => linearFit(fitted.map((steps, i) => [Math.log(steps), Math.log(seconds[from + i]!)])).slope,
    ),
    ratios: rounds.map(
      (seconds) => seconds[last]! / lengths[last]! / (seconds[last - 1]! / lengths[last - 1]!),
    ),
  };
}

export type Growth = 'linearly' | 'faster than linearly' | 'more slowly than linearly' | 'undecided';

/**
 * Linear if both the exponent and the ratio stay within the margin, as far as these rounds decide
 * it.
 */
export function growth({ exponents, ratios }: Times): Growth {
  const [power, ratio] = [interval(exponents), interval(ratios)];
  if (within(power, 1) && within(ratio, 1)) return 'linearly';
  if (power[0] > 1 + MARGIN || ratio[0] > 1 + MARGIN) return 'faster than linearly';
  if (power[1] < 1 - MARGIN || ratio[1] < 1 - MARGIN) return 'more slowly than linearly';
  return 'undecided';
}

export function timeSentences(times: Times): string[] {
  const { exponents, ratios, fitted, character } = times;
  const found = growth(times);
  const [before, longest] = character.slice(-2) as [[number, number], [number, number]];
  const cost = ([steps, microseconds]: readonly [number, number]): string =>
    `${short(microseconds, 2)} µs at T = ${steps}`;
  return [
    found === 'undecided'
      ? 'These rounds do not decide whether time grows linearly with T.'
      : `Time grows ${found} with T.`,
    `From T = ${fitted[0]} on, time grows as T^p with p = ${formatInterval(exponents)}.`,
    `A character costs ${cost(character[0]!)}, ${cost(before)} and ${cost(longest)}.`,
    `The ratio of the last two is ${formatInterval(ratios)}.`,
  ];
}

/** How times were measured and judged. */
export function timeMethod({ rounds }: Times, batch: number, hidden: number): string[] {
  return [
    `Times: forward, backward, clipping and update of ${count(batch, 'stream')}, hidden ${hidden}, with nothing else of the report running.`,
    `Intervals: ${formatCertainty(rounds)}. Linear: p and the ratio are 1 ± ${MARGIN}.`,
  ];
}

/** No claim if the rounds do not decide. */
export function timeClaims(times: Times): Claim[] {
  if (growth(times) === 'undecided') return [];
  const { exponents, ratios, rounds } = times;
  return [
    {
      claim: 'Time is linear in T',
      held: [exponents, ratios].filter((values) => within(interval(values), 1)).length,
      of: 2,
      counted: 'medians',
      evidence: [
        `Time grows as T^p with p = ${formatInterval(exponents)}.`,
        `A character at the longest T costs ${formatInterval(ratios)} of one at the second longest.`,
        `Intervals: ${formatCertainty(rounds)}. Linear: both are 1 ± ${MARGIN}.`,
      ],
    },
  ];
}

/**
 * A 95 % confidence interval of the median for any distribution: other programs spoil some rounds.
 * The range of all values if they are too few.
 */
function interval(values: readonly number[]): [low: number, high: number] {
  const sorted = [...values].sort((a, b) => a - b);
  const left = Math.max(0, leftOut(sorted.length));
  return [sorted[left]!, sorted[sorted.length - 1 - left]!];
}

/**
 * How many of n sorted values may be dropped at either end so that the rest covers the median with
 * 95 % confidence. The chance of a miss with k dropped is 2·Σⱼ (n over j) / 2ⁿ, j = 0 … k: each
 * value is on either side of the median with probability one half.
 *
 * @returns −1 if n is too small
 */
export function leftOut(n: number): number {
  let [term, fails] = [2 * 0.5 ** n, 0];
  for (let k = 0; ; k++) {
    fails += term;
    if (fails > 0.05) return k - 1;
    term *= (n - k) / (k + 1);
  }
}

function formatCertainty(rounds: number): string {
  const brackets =
    leftOut(rounds) < 0 ? 'and their range, too few for 95 % confidence' : 'with 95 % confidence intervals';
  return `medians of ${count(rounds, 'round')} ${brackets}`;
}

function formatInterval(values: readonly number[]): string {
  const ends = interval(values);
  const [middle, low, high] = [median(values), ...ends].map((value) => toSpread(value, ends));
  return `${middle} (${low} … ${high})`;
}

function within([low, high]: readonly [number, number], center: number): boolean {
  return low >= center - MARGIN && high <= center + MARGIN;
}
