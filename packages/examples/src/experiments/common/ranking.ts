/** Which settings are best, and which cannot be told from the best. */

import { deviation, mean } from './statistics.ts';
import { list } from './words.ts';

/** The best of several settings, with those that the runs do not tell from it. */
export interface Ranking<T> {
  readonly best: T;
  /** Best first; without the best itself. */
  readonly alike: readonly T[];
}

/**
 * Ranks settings by the middle of their runs, lowest first. A setting is told from the best where it is worse with every seed, and by more than two standard
 * errors of the mean difference; with one seed nothing is told apart.
 *
 * @param valuesOf - a value for each seed, in the same order for all settings: runs of one seed are compared with one another
 * @param middle - of a setting's runs: the mean unless said, the median where that is what a plot shows
 */
export function lowest<T>(
  settings: readonly T[],
  valuesOf: (setting: T) => readonly number[],
  middle: (values: readonly number[]) => number = mean,
): Ranking<T> {
  const sorted = [...settings].sort((a, b) => middle(valuesOf(a)) - middle(valuesOf(b)));
  const best = sorted[0]!;
  return { best, alike: sorted.slice(1).filter((each) => !worse(valuesOf(each), valuesOf(best))) };
}

/** Whether the first runs have higher values than the second, beyond what chance does. */
export function worse(values: readonly number[], others: readonly number[]): boolean {
  const differences = values.map((value, seed) => value - others[seed]!);
  // A run without a finite value is worse than any that has one.
  if (differences.some((difference) => Number.isNaN(difference))) return false;
  if (values.length < 2 || !differences.every((difference) => difference > 0)) return false;
  const center = mean(differences);
  return !Number.isFinite(center) || center > (2 * deviation(differences)) / Math.sqrt(differences.length);
}

/** `; b and c are not told from it`, or nothing. */
export function alikeWords(names: readonly string[]): string {
  if (names.length === 0) return '';
  return `; ${list(names)} ${names.length === 1 ? 'is' : 'are'} not told from it`;
}
