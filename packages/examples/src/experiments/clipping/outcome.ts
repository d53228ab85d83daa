/** How a run ended, judged by its whole curve: a run may lose again what it learned. */
import { mean } from '../../common/statistics.ts';
import type { DonePart } from '../common/experiment.ts';
import type { Config, Outcome } from './run.ts';

export type Run = DonePart<Config, Outcome>;

/** Each run has exactly one of these outcomes. */
export const OUTCOMES = ['learned', 'relapsed', 'not learned', 'diverged'] as const;
export type RunOutcome = (typeof OUTCOMES)[number];

/**
 * A run relapsed if it ends so many nats above its best tenth: its perplexity is a tenth higher.
 */
export const RELAPSE = 0.1;

/** Definitions of the outcomes. @param letters the loss of letter frequencies */
export function outcomeDefinitions(letters: string): string[] {
  return [
    `Learned: the final loss is below that of letter frequencies (${letters} nats) and at most ${RELAPSE} above the best tenth.`,
    `Relapsed: the best tenth is below letter frequencies, and the final loss is more than ${RELAPSE} nats above it.`,
    'Diverged: the final loss is above that of the first window, or not finite. Not learned: none of these.',
    'Best tenth: the lowest mean loss over any tenth of a run. Final loss: that of the last tenth.',
  ];
}

export function outcomeOf(run: Run): RunOutcome {
  const { finalLoss, firstLoss, letters } = run.outcome;
  if (finalLoss === null || !(finalLoss <= firstLoss)) return 'diverged';
  const best = bestTenth(run);
  if (best < letters && finalLoss > best + RELAPSE) return 'relapsed';
  return finalLoss < letters ? 'learned' : 'not learned';
}

/** The lowest mean loss over a tenth of the run. Infinite if none is finite. */
export function bestTenth({ outcome: { loss, finalLoss } }: Run): number {
  const tenth = Math.max(1, Math.round(loss.values.length / 10));
  // A value that is not finite is null, and would count as 0 in a sum.
  const values = loss.values.map((value) => value ?? Number.POSITIVE_INFINITY);
  return values
    .map((_, i) => (i + tenth > values.length ? Number.POSITIVE_INFINITY : mean(values.slice(i, i + tenth))))
    .reduce((least, value) => Math.min(least, value), finalLoss ?? Number.POSITIVE_INFINITY);
}

export function diverged(run: Run): boolean {
  return outcomeOf(run) === 'diverged';
}

export function learned(run: Run): boolean {
  return outcomeOf(run) === 'learned';
}
