/** Which setting is best, and which others tie with it. */
import { list } from '../../common/format.ts';
import { mean } from '../../common/statistics.ts';

export interface Ranking<T> {
  readonly best: T;
  /** Settings that are as good as the best with at least one seed, best first. */
  readonly tied: readonly T[];
}

/**
 * Ranks settings by the center of their runs, lowest first. This describes the runs and is no test:
 * with few seeds, chance picks a winner too.
 *
 * @param valuesOf - a value per seed, in the same order for all settings: runs of equal seeds are
 *   compared
 * @param center - of a setting's runs. Default: the mean. Use the median where a plot shows it.
 */
export function lowest<T>(
  settings: readonly T[],
  valuesOf: (setting: T) => readonly number[],
  center: (values: readonly number[]) => number = mean,
): Ranking<T> {
  const sorted = [...settings].sort((a, b) => center(valuesOf(a)) - center(valuesOf(b)));
  const best = sorted[0]!;
  return { best, tied: sorted.slice(1).filter((each) => !worse(valuesOf(each), valuesOf(best))) };
}

/** True if the first values are higher than the second with every seed. */
export function worse(values: readonly number[], others: readonly number[]): boolean {
  return values.every((value, seed) => value > others[seed]!);
}

/** Names beyond which only a number is given. */
const NAMED = 4;

/** `b and c do as well with some seeds.`, one sentence or none. */
export function tiedSentences(names: readonly string[]): string[] {
  if (names.length === 0) return [];
  const who = names.length > NAMED ? `${names.length} others` : list(names);
  return [`${who} ${names.length === 1 ? 'does' : 'do'} as well with some seeds.`];
}
