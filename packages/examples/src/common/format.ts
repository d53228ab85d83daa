/** Numbers and lists as text. */
import { deviation, mean, median } from './statistics.ts';

const SUPERSCRIPTS = '⁰¹²³⁴⁵⁶⁷⁸⁹';

/** A number in decimal notation: `12,000`, `0.05`. From 10⁷ and below 10⁻⁴ as `3·10⁻⁸`. */
export function plain(value: number): string {
  if (value === 0) return '0';
  const power = powerBelow(value);
  if (power > 6 || power < -4) return powerOfTen(value);
  const [whole, fraction] = String(Number(value.toPrecision(6))).split('.');
  const digits = withCommas(whole!).replace('-', '−');
  return fraction === undefined ? digits : `${digits}.${fraction}`;
}

/** `10⁻⁸`, `3·10⁵`. 1 and 10 stay as they are. */
export function powerOfTen(value: number): string {
  const power = powerBelow(value);
  if (power === 0 || value === 10) return String(Number(value.toPrecision(2)));
  const digits = [...String(Math.abs(power))].map((digit) => SUPERSCRIPTS[Number(digit)]).join('');
  const times = Number((value / 10 ** power).toPrecision(2));
  return `${times === 1 ? '' : `${times}·`}10${power < 0 ? '⁻' : ''}${digits}`;
}

function powerBelow(value: number): number {
  return Math.floor(Math.log10(Math.abs(value)) + 1e-9);
}

/** A whole number with commas: 12345.6 → `12,346`. Faster than toLocaleString. */
export function grouped(value: number): string {
  return Number.isFinite(value) ? withCommas(String(Math.round(value))) : '–';
}

function withCommas(digits: string): string {
  return digits.replace(/\B(?=(\d{3})+$)/g, ',');
}

/** A number to some significant digits. `–` for a missing one. */
export function short(value: number | null, digits = 3): string {
  if (value === null || !Number.isFinite(value)) return '–';
  return plain(Number(value.toPrecision(digits)));
}

/** `1.93 ± 0.04`: mean and standard deviation over runs, to the digits that the latter allows. */
export function plusMinus(values: readonly number[]): string {
  const spread = deviation(values);
  if (values.length < 2) return short(mean(values));
  return `${rounded(mean(values), spread)} ± ${rounded(spread, spread)}`;
}

/** `0.91 (0.88 … 0.95)`: median and range over runs. One number if all are equal. */
export function medianRange(values: readonly number[]): string {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const [middle, least, most] = [median(values), low, high].map((value) => toSpread(value, values));
  return least === most ? middle! : `${middle} (${least} … ${most})`;
}

/** The median over runs, to the digits that their range allows. */
export function formatMedian(values: readonly number[]): string {
  return toSpread(median(values), values);
}

/**
 * A number that summarizes runs, to the digits that their range allows: one if the largest is 5
 * times the smallest.
 */
export function toSpread(value: number, values: readonly number[]): string {
  const finite = values.filter(Number.isFinite);
  const [low, high] = [Math.min(...finite), Math.max(...finite)];
  if (finite.length < 2) return short(value, 2);
  return low > 0 && high >= 5 * low ? short(value, 1) : rounded(value, high - low);
}

/**
 * A value to the first digit of its spread, or to the second if the first is 1 or 2. Three digits
 * without spread.
 */
function rounded(value: number, spread: number): string {
  if (!Number.isFinite(value)) return '–';
  // Differences of rounding are no spread.
  if (!(spread > 1e-9 * Math.abs(value))) return short(value);
  const power = Math.floor(Math.log10(spread));
  const decimals = (Number((spread / 10 ** power).toPrecision(2)) < 3 ? 1 : 0) - power;
  const unit = 10 ** -decimals;
  return plain(
    decimals > 0 ? Number(value.toFixed(Math.min(100, decimals))) : Math.round(value / unit) * unit,
  );
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

/** How often a text was read: `once`, `8.6 times`. */
export function formatPasses(passes: number): string {
  const times = short(passes, 2);
  return times === '1' ? 'once' : `${times} times`;
}

/** Seconds as `9s`, `2m05s` or `1h02m`. */
export function duration(seconds: number): string {
  if (!Number.isFinite(seconds) || seconds < 0) return '–';
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole}s`;
  const two = (n: number): string => String(n).padStart(2, '0');
  if (whole < 3600) return `${Math.floor(whole / 60)}m${two(whole % 60)}s`;
  return `${Math.floor(whole / 3600)}h${two(Math.floor((whole % 3600) / 60))}m`;
}
