/** Which setting is best, and which others are so with some seeds. */
import { mean } from './statistics.ts';
import { list } from './words.ts';

/** The best of several settings, with those that do as well with some seeds. */
export interface Ranking<T> {
  readonly best: T;
  /** Best first; without the best itself. */
  readonly alike: readonly T[];
}

/**
 * Ranks settings by the middle of their runs, lowest first, and says which others are as low with at least one seed. That is a description of these
 * runs, and no test: of a few seeds, chance alone picks the same winner now and then.
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

/** Whether the first runs have higher values than the second, with every seed. */
export function worse(values: readonly number[], others: readonly number[]): boolean {
  return values.every((value, seed) => value > others[seed]!);
}

/** `; b and c do as well with some seeds`, or nothing. */
export function alikeWords(names: readonly string[]): string {
  if (names.length === 0) return '';
  return `; ${list(names)} ${names.length === 1 ? 'does' : 'do'} as well with some seeds`;
}
