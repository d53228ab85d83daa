/**
 * Float64 arguments of sine and cosine modulo quarter turns, π/2. See `math64.ts` for the rules of
 * this code.
 */
import { highWord, productError, withHighWord } from './bits64.ts';

/** What `toQuarter` found: x = quarters·π/2 + (rest + restLow), quarters modulo 4. */
export let quarters = 0;
export let rest = 0;
export let restLow = 0;

/** π/2 in three parts. The first two have 43 bits: their products with 10 bits are exact. */
const PART_1 = 1.5707963267948344;
const PART_2 = 6.223372171896261e-14;
const PART_3 = 3.5215598651832e-27;
/** π/2, and what the rounding left. */
const QUARTER = 1.5707963267948966;
const QUARTER_LOW = 6.123233995736766e-17;
const SHIFT = 6755399441055744;

/** The distance to the nearest multiple of π/2, |rest| ≤ π/4 up to rounding; x is finite. */
export function toQuarter(x: number): void {
  if (Math.abs(x) < 1000) small(x);
  else large(x);
}

/** Cody and Waite's subtraction in three parts, each error kept. */
function small(x: number): void {
  const k = x * (2 / Math.PI) + SHIFT - SHIFT;
  quarters = k & 3;
  const high = x - k * PART_1;
  const low = k * PART_2;
  const r = high - low;
  const back = r - high;
  const error = high - (r - back) - (low + back) - k * PART_3;
  rest = r + error;
  restLow = r - rest + error;
}

/** 2/π in words of 24 bits, for exponents up to 2¹⁰²³. */
const TWO_OVER_PI = [
  10680707, 7228996, 1387004, 2578385, 16069853, 12639074, 9804092, 4427841, 16666979, 11263675, 12935607,
  2387514, 4345298, 14681673, 3074569, 13734428, 16653803, 1880361, 10960616, 8533493, 3062596, 8710556,
  7349940, 6258241, 3772886, 3769171, 3798172, 8675211, 12450088, 3874808, 9961438, 366607, 15675153, 9132554,
  7151469, 3571407, 2607881, 12013382, 4155038, 6285869, 7677882, 13102053, 15825725, 473591, 9065106,
  15363067, 6271263, 9264392, 5636912, 4652155,
];
const WORD = 16777216;
/** Words of the product x · 2/π. Those before give whole turns, those after less than 2⁻¹⁶⁰. */
const words = [0, 0, 0, 0, 0, 0, 0, 0];

/** Payne and Hanek, 1983: of the product x · 2/π only the words that matter. */
function large(x: number): void {
  const a = Math.abs(x);
  const e = (highWord(a) >> 20) - 1046;
  const skipped = Math.max(0, Math.floor((e - 3) / 24));
  // The leading 24 bits of x, and the next two words.
  const m = withHighWord(a, highWord(a) - (e << 20));
  const m0 = Math.floor(m);
  const m1 = Math.floor((m - m0) * WORD);
  const m2 = ((m - m0) * WORD - m1) * WORD;
  const word = (at: number): number => (at < 0 ? 0 : TWO_OVER_PI[at]!);
  for (let k = 0; k < 8; k++) {
    const at = skipped + k;
    words[k] = m0 * word(at) + m1 * word(at - 1) + m2 * word(at - 2);
  }
  for (let k = 7; k > 0; k--) {
    const carry = Math.floor(words[k]! / WORD);
    words[k] = words[k]! - carry * WORD;
    words[k - 1] = words[k - 1]! + carry;
  }
  collect(2 ** (e - 24 * (skipped + 1)), x < 0);
}

/** Adds up the words, of which the first has the given weight. */
function collect(first: number, negative: boolean): void {
  const head = words[0]! * first;
  const turn = head - 4 * Math.floor(head / 4);
  const k = turn + (words[1]! / WORD) * first + SHIFT - SHIFT;
  let weight = first;
  let s = turn - k;
  let error = 0;
  // Each word is smaller than a unit of those before, so the rounding errors are exact.
  for (let i = 1; i < 8; i++) {
    weight /= WORD;
    const term = words[i]! * weight;
    const t = s + term;
    error += s - t + term;
    s = t;
  }
  const high = s * QUARTER;
  const low = productError(s, QUARTER, high) + (s * QUARTER_LOW + error * QUARTER);
  const sign = negative ? -1 : 1;
  quarters = (sign * k) & 3;
  rest = sign * (high + low);
  restLow = sign * (high - (high + low) + low);
}
