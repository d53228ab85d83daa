/** Numbers in sentences. */
import { plain } from '../../plots/scale.ts';
import { deviation, mean, median } from './statistics.ts';

/** Three digits that count, as people write them. */
export function short(value: number | null, digits = 3): string {
  if (value === null || !Number.isFinite(value)) return '–';
  return plain(Number(value.toPrecision(digits)));
}

/** `1.93 ± 0.02`: mean and standard deviation over runs. */
export function plusMinus(values: readonly number[], digits = 3): string {
  const spread = deviation(values);
  const center = mean(values);
  if (values.length < 2) return short(center, digits);
  // As many decimals as the spread's first two digits need.
  const decimals = spread === 0 ? 3 : Math.max(0, Math.min(6, 1 - Math.floor(Math.log10(spread))));
  return `${short(Number(center.toFixed(decimals)), 8)} ± ${short(spread, 2)}`;
}

/** `0.91 (0.88 … 0.95)`: median and range over runs, for what spreads over powers of ten. */
export function medianRange(values: readonly number[], digits = 2): string {
  if (values.length < 2) return short(median(values), digits);
  return `${short(median(values), digits)} (${short(Math.min(...values), digits)} … ${short(Math.max(...values), digits)})`;
}

/** A share as percent. */
export function percent(share: number): string {
  return `${short(100 * share, 2)} %`;
}

/** `a, b and c`. */
export function list(items: readonly string[]): string {
  if (items.length < 2) return items[0] ?? 'none';
  return `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;
}

/** `1 seed`, `3 seeds`. */
export function count(n: number, what: string): string {
  return `${short(n, 6)} ${what}${n === 1 ? '' : 's'}`;
}

/** So many characters as what one text has: `8.6 times the text`. */
export function timesWords(times: number, text: string): string {
  const words = short(times, 2);
  return words === '1' ? `as many as ${text} has` : `${words} times ${text}`;
}
