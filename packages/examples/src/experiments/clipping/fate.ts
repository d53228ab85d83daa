/** How a run ended: by its whole curve, since a run that learned may lose again what it had. */
import type { Config, Outcome } from '../clipping.ts';
import type { DonePart } from '../common/experiment.ts';
import { mean } from '../common/statistics.ts';

export type Run = DonePart<Config, Outcome>;

/** Each run ends in one of these. */
export const FATES = ['learned', 'relapsed', 'not learned', 'diverged'] as const;
export type Fate = (typeof FATES)[number];

/** A run that ends so many nats above its own best tenth has lost what it had learned: its perplexity is a tenth higher. */
export const RELAPSE = 0.1;

/** What the words of `fateOf` mean, for a caption. @param letters what letter frequencies give, in words */
export function fateWords(letters: string): string {
  return (
    `Learned: the final loss is below what letter frequencies give (${letters} nats), and at most ${RELAPSE} nats above the run’s own best tenth. ` +
    `Relapsed: a tenth of the run was below letter frequencies, and the final loss is more than ${RELAPSE} nats above the best. ` +
    `Diverged: the final loss is above that of the first window, or not finite. Not learned: none of these.`
  );
}

export function fateOf(run: Run): Fate {
  const { finalLoss, firstLoss, letters } = run.outcome;
  if (finalLoss === null || !(finalLoss <= firstLoss)) return 'diverged';
  const best = bestTenth(run);
  if (best < letters && finalLoss > best + RELAPSE) return 'relapsed';
  return finalLoss < letters ? 'learned' : 'not learned';
}

/** The lowest loss over as long a stretch as the final loss is the mean of; infinite where none is finite. */
export function bestTenth({ outcome: { loss, finalLoss } }: Run): number {
  const tenth = Math.max(1, Math.round(loss.values.length / 10));
  // What is not finite is null, and would count as 0 in a sum.
  const values = loss.values.map((value) => value ?? Number.POSITIVE_INFINITY);
  return values
    .map((_, i) => (i + tenth > values.length ? Number.POSITIVE_INFINITY : mean(values.slice(i, i + tenth))))
    .reduce((least, value) => Math.min(least, value), finalLoss ?? Number.POSITIVE_INFINITY);
}

export function diverged(run: Run): boolean {
  return fateOf(run) === 'diverged';
}

export function learned(run: Run): boolean {
  return fateOf(run) === 'learned';
}
