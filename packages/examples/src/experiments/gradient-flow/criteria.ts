/** When the decay of a run counts as exponential in the length of the sequence. */
import type { DonePart } from '../common/experiment.ts';
import { remaining } from '../common/flow.ts';
import type { Config, Outcome } from './run.ts';

export type Run = DonePart<Config, Outcome>;

/**
 * Exponents of T for which log ‖∂L/∂h_1‖ counts as straight: twice the length costs 1.74 to 2.38
 * times the decades.
 */
export const STRAIGHT = [0.8, 1.25] as const;

/** Share of the gradient that is left after the longest sequence. */
export function shareLeft({ outcome }: Run): number {
  return remaining(outcome.norms.at(-1)!).at(-1)![1];
}

/** More than half of the gradient is lost over the longest sequence, or it more than doubles. */
export const vanishes = (run: Run): boolean => shareLeft(run) < 0.5;
export const explodes = (run: Run): boolean => shareLeft(run) > 2;

/** A law describes a run if it explains this share of the variance of log ‖∂L/∂h_1‖. */
export const DESCRIBED = 0.5;

/** Some law describes the run. Otherwise the fitted exponents mean nothing. */
export function isDescribed({ outcome }: Run): boolean {
  return Object.values(outcome.laws).some(({ r2 }) => r2 >= DESCRIBED);
}

/** One factor for all T fits better than a power of T, and the exponent of T is close to 1. */
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

/** The gradient fades more slowly, or grows faster, at the longer T than at the shorter. */
export function slowsDown({ outcome }: Run): boolean {
  return outcome.late > outcome.early;
}
