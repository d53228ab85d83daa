/** Numbers of gradient flow as text. */
import { count, list, medianRange, plain, short, toSpread } from '../../common/format.ts';
import { median } from '../../common/statistics.ts';
import { EXPONENTS } from '../common/laws.ts';
import type { Run } from './criteria.ts';
import type { Outcome } from './run.ts';

/** Median and range of a number over runs. */
export function formatOver(runs: readonly Run[], pick: (outcome: Outcome) => number): string {
  return medianRange(runs.map(({ outcome }) => pick(outcome)));
}

/**
 * Median and range of the exponents of T. One at an end of the search interval is given as a bound.
 */
export function formatExponents(runs: readonly Run[]): string {
  const [least, most] = EXPONENTS;
  const exponents = runs.map(({ outcome }) => outcome.laws.stretched.exponent);
  const format = (exponent: number): string => {
    if (exponent <= least) return `≤ ${short(least)}`;
    return exponent >= most ? `≥ ${short(most)}` : toSpread(exponent, exponents);
  };
  if (exponents.length === 0) return '–';
  if (exponents.length === 1) return format(median(exponents));
  return `${format(median(exponents))} (${format(Math.min(...exponents))} … ${format(Math.max(...exponents))})`;
}

/** `3 of 5 runs`. */
export function formatHeld(runs: readonly Run[], test: (run: Run) => boolean): string {
  return `${runs.filter(test).length} of ${count(runs.length, 'run')}`;
}

/** `1 run at radius 1.1 and 2 runs at radius 1.25`; the number alone for more radii. */
export function formatPlaces(runs: readonly Run[]): string {
  const radii = [...new Set(runs.map(({ config }) => config.radius))];
  if (radii.length > 2) return count(runs.length, 'run');
  const at = (radius: number): number => runs.filter(({ config }) => config.radius === radius).length;
  return list(radii.map((radius) => `${count(at(radius), 'run')} at radius ${plain(radius)}`));
}
