/** How time grows with the length of the window, and whether that is linear. */
import type { Claim, Measured } from '../common/experiment.ts';
import { linearFit, median } from '../common/statistics.ts';
import { count, short } from '../common/words.ts';

/** Time that grows as T to a power this near to 1 is called linear. */
const MARGIN = 0.1;
/** So many of the longest lengths decide: with short windows, what each window costs besides its steps counts. */
const LONGEST = 4;

/** What the seconds of a window of T steps are kept under, for each round. */
export function roundKey(steps: number, round: number): string {
  return `T${steps} round ${round + 1}`;
}

/** Times of all lengths. */
export interface Times {
  /** T, and milliseconds of a window: medians over rounds. */
  readonly window: readonly [steps: number, milliseconds: number][];
  /** T, and microseconds of a character, of which a window of B streams has T·B. */
  readonly character: readonly [steps: number, microseconds: number][];
  readonly rounds: number;
  /** The lengths that the exponent is fitted to. */
  readonly fitted: readonly number[];
  /** p in time ~ Tᵖ, in each round. */
  readonly exponents: readonly number[];
  /** What a character of the longest windows costs in each round, in those of the second longest. */
  readonly ratios: readonly number[];
}

/** Reads what was measured; null where that is nothing, or of one length only. */
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

export type Verdict = 'linearly' | 'faster than linearly' | 'more slowly than linearly' | 'undecided';

/** Linear where both the exponent and what a character costs stay within the margin, as far as these rounds tell them. */
export function growth({ exponents, ratios }: Times): Verdict {
  const [power, ratio] = [interval(exponents), interval(ratios)];
  if (within(power, 1) && within(ratio, 1)) return 'linearly';
  if (power[0] > 1 + MARGIN || ratio[0] > 1 + MARGIN) return 'faster than linearly';
  if (power[1] < 1 - MARGIN || ratio[1] < 1 - MARGIN) return 'more slowly than linearly';
  return 'undecided';
}

export function timeSentence(times: Times): string {
  const { exponents, ratios, rounds, fitted, character } = times;
  const verdict = growth(times);
  const says =
    verdict === 'undecided'
      ? 'Whether time grows linearly with T, these rounds do not decide'
      : `Time grows ${verdict} with T`;
  const [before, longest] = character.slice(-2) as [[number, number], [number, number]];
  return (
    `${says}: from T = ${fitted[0]} on as T^p with p = ${middleWords(exponents)}, and a character costs ` +
    `${short(longest[1], 3)} µs at T = ${longest[0]} where it costs ${short(before[1], 3)} µs at T = ${before[0]}, a ratio of ${middleWords(ratios)}; linear is 1 ± ${MARGIN} in both ` +
    `(${certaintyWords(rounds)}). At T = ${character[0]![0]} it costs ${short(character[0]![1], 3)} µs.`
  );
}

/** None where the rounds do not decide. */
export function timeClaims(times: Times): Claim[] {
  if (growth(times) === 'undecided') return [];
  const { exponents, ratios, rounds } = times;
  return [
    {
      claim: 'Time is linear in T',
      held: [exponents, ratios].filter((values) => within(interval(values), 1)).length,
      of: 2,
      counted: 'medians',
      evidence: `time ~ T^p with p = ${middleWords(exponents)}; a character at the longest T costs ${middleWords(ratios)} of one at the second longest: ${certaintyWords(rounds)}; linear is 1 ± ${MARGIN} in both`,
    },
  ];
}

/**
 * Where the median lies with 95 % certainty, whatever the distribution. Something else that runs for a while spoils some rounds, and a mean with
 * them. All values where they are too few for that.
 */
function interval(values: readonly number[]): [low: number, high: number] {
  const sorted = [...values].sort((a, b) => a - b);
  const left = Math.max(0, leftOut(sorted.length));
  return [sorted[left]!, sorted[sorted.length - 1 - left]!];
}

/**
 * How many of n values in order may be left out at either end, so that the median lies between the rest with 95 % certainty. That fails where no more
 * of the values than were left out lie on one side of it, each of which is the throw of a fair coin: 2·Σₖ (n over k) / 2ⁿ, k from 0 to as many.
 *
 * @returns −1 where even all values are too few
 */
export function leftOut(n: number): number {
  let [term, fails] = [2 * 0.5 ** n, 0];
  for (let k = 0; ; k++) {
    fails += term;
    if (fails > 0.05) return k - 1;
    term *= (n - k) / (k + 1);
  }
}

/** What stands before and within the brackets. */
function certaintyWords(rounds: number): string {
  const brackets =
    leftOut(rounds) < 0
      ? 'least and greatest, too few for 95 % certainty'
      : 'where they lie with 95 % certainty';
  return `medians of ${count(rounds, 'round')}, and ${brackets}`;
}

function middleWords(values: readonly number[]): string {
  const [low, high] = interval(values);
  return `${short(median(values))} (${short(low)} … ${short(high)})`;
}

function within([low, high]: readonly [number, number], center: number): boolean {
  return low >= center - MARGIN && high <= center + MARGIN;
}
