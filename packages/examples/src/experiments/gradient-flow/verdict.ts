/** When the decay of a run is called exponential in the length of the sequence. */
import type { DonePart } from '../common/experiment.ts';
import { remaining } from '../common/flow.ts';
import type { Config, Outcome } from '../gradient-flow.ts';

export type Run = DonePart<Config, Outcome>;

/** Exponents of T between which log ‖∂L/∂h_1‖ counts as a straight line: twice the length then costs 1.74 to 2.38 times the decades. */
export const STRAIGHT = [0.8, 1.25] as const;

/** What is left of the gradient after the longest sequence. */
export function shareLeft({ outcome }: Run): number {
  return remaining(outcome.norms.at(-1)!).at(-1)![1];
}

/** Whether more than half of the gradient is lost over the longest sequence, and whether it more than doubles. */
export const vanishes = (run: Run): boolean => shareLeft(run) < 0.5;
export const explodes = (run: Run): boolean => shareLeft(run) > 2;

/** The share of the variance of log ‖∂L/∂h_1‖ from which on a law is said to describe a run. */
export const DESCRIBED = 0.5;

/** Whether any of the laws describes the run: where none does, none of them is its law, and their exponents mean nothing. */
export function isDescribed({ outcome }: Run): boolean {
  return Object.values(outcome.laws).some(({ r2 }) => r2 >= DESCRIBED);
}

/** Whether one factor for all T describes the run better than a power of T does, and no exponent of T far from 1 is needed. */
export function isExponential(run: Run): boolean {
  return beatsPower(run) && isStraight(run);
}

export function beatsPower({ outcome }: Run): boolean {
  return outcome.laws.exponential.off < outcome.laws.power.off;
}

export function isStraight({ outcome }: Run): boolean {
  const { exponent } = outcome.laws.stretched;
  return exponent >= STRAIGHT[0] && exponent <= STRAIGHT[1];
}

/** Whether the gradient fades more slowly, or grows faster, among the longer T than among the shorter. */
export function slowsDown({ outcome }: Run): boolean {
  return outcome.late > outcome.early;
}
