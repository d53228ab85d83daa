/** Numbers of runs in words. */
import { plain } from '../../plots/scale.ts';
import { EXPONENTS } from '../common/laws.ts';
import { median } from '../common/statistics.ts';
import { count, list, medianRange, short } from '../common/words.ts';
import type { Outcome } from '../gradient-flow.ts';
import type { Group } from './summary.ts';
import type { Run } from './verdict.ts';

/** Median and range of a number over runs. */
export function of(runs: readonly Run[], pick: (outcome: Outcome) => number, digits = 2): string {
  return medianRange(
    runs.map(({ outcome }) => pick(outcome)),
    digits,
  );
}

/** Median and range of the exponents of T; one at an end of those that are tried may lie beyond it. */
export function exponentWords(runs: readonly Run[]): string {
  const [least, most] = EXPONENTS;
  const word = (exponent: number): string => {
    if (exponent <= least) return `≤ ${short(least)}`;
    return exponent >= most ? `≥ ${short(most)}` : short(exponent, 2);
  };
  const exponents = runs.map(({ outcome }) => outcome.laws.stretched.exponent);
  if (exponents.length === 0) return '–';
  if (exponents.length === 1) return word(median(exponents));
  return `${word(median(exponents))} (${word(Math.min(...exponents))} … ${word(Math.max(...exponents))})`;
}

/** `5 of 5 runs at radius 0.5 and 3 of 5 at 1`: only radii of which some run does. */
export function howMany(groups: readonly Group[], test: (run: Run) => boolean): string {
  const some = groups.flatMap(({ radius, runs }) => {
    const held = runs.filter(test).length;
    return held === 0 ? [] : [`${held} of ${runs.length} at radius ${plain(radius)}`];
  });
  return some.length === 0 ? 'no run' : list(some);
}

/** `1 run at radius 1.1 and 2 runs at radius 1.25`: only radii of which some run is among them. */
export function wherefrom(groups: readonly Group[], some: readonly Run[]): string {
  return list(
    groups.flatMap(({ radius, runs }) => {
      const n = runs.filter((run) => some.includes(run)).length;
      return n === 0 ? [] : [`${count(n, 'run')} at radius ${plain(radius)}`];
    }),
  );
}
