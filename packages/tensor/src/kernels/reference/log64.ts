/** Float64 logarithms and powers. See `math64.ts` for the rules of this code. */
import { highWord, LN2_HI, LN2_LO, power2, productError, withHighWord } from './bits64.ts';
import { expOfSum } from './exp64.ts';

/** 2⁻⁵⁴: at smaller |x| the answer is x itself. */
const TINY = 5.551115123125783e-17;
/** √½ (upper word, rounded down): the mantissa of a logarithm's argument is taken from [√½, √2). */
const ROOT_HALF_HIGH = 0x3fe6a09e;
const SMALLEST_NORMAL = 2.2250738585072014e-308;
const TWO_54 = 18014398509481984;

/** What `logOfSum` found: the logarithm is `logHigh + logLow`. */
let logHigh = 0;
let logLow = 0;

/**
 * log(x + c) for positive finite x, to about 64 bits, left in `logHigh + logLow`. With x + c = 2ᵏ(1
 * + v) and s = v/(2 + v): log(1 + v) = 2 atanh(s) = 2s + s·z·P(z), z = s². Everything but the end
 * of P is carried as a sum of two doubles. Where c is not 0, x ≥ 2⁻⁵³.
 */
function logOfSum(x: number, c: number): void {
  const subnormal = x < SMALLEST_NORMAL;
  const normal = subnormal ? x * TWO_54 : x;
  const high = highWord(normal);
  const shift = (high - ROOT_HALF_HIGH) >> 20;
  const k = subnormal ? shift - 54 : shift;

  const v0 = withHighWord(normal, high - (shift << 20)) - 1;
  const c0 = c * power2(-Math.min(shift, 1000));
  const v = v0 + c0;
  const vLow = c0 - (v - v0);
  const d = 2 + v;
  const dLow = v - (d - 2) + vLow;
  const s = v / d;
  const sd = s * d;
  const sLow = (v - sd - productError(s, d, sd) + vLow - s * dLow) / d;
  const z = s * s;
  const zLow = productError(s, s, z) + 2 * s * sLow;

  // P(z) = (2 atanh(s)/s − 2) / s² = 2/3 + z·(2/5 + …) for |s| ≤ 0.1716; error 2⁻⁷² of 2 atanh(s).
  // 2/3 needs a second double.
  let q = 0.11910867959069579;
  q = q * z + 0.11685053723181624;
  q = q * z + 0.13335762577851556;
  q = q * z + 0.15384572911395292;
  q = q * z + 0.18181818605288405;
  q = q * z + 0.22222222220013357;
  q = q * z + 0.2857142857143316;
  q = q * z + 0.4;
  const zq = z * q;
  const p = 0.6666666666666666 + zq;
  const pLow = zq - (p - 0.6666666666666666) + 3.700743415417188e-17;

  const zp = z * p;
  const zpLow = productError(z, p, zp) + (z * pLow + zLow * p);
  const szp = s * zp;
  const szpLow = productError(s, zp, szp) + (s * zpLow + sLow * zp);
  const a = 2 * s + szp;
  const aLow = szp - (a - 2 * s) + (2 * sLow + szpLow);
  const kLn2 = k * LN2_HI;
  const b = kLn2 + a;
  const bLow = a - (b - kLn2) + (aLow + k * LN2_LO);
  logHigh = b + bLow;
  logLow = bLow - (logHigh - b);
}

/** Natural logarithm. −Infinity at ±0, NaN below. */
export function log64(x: number): number {
  if (!(x > 0)) return x === 0 ? Number.NEGATIVE_INFINITY : Number.NaN;
  if (x === Number.POSITIVE_INFINITY) return x;
  logOfSum(x, 0);
  return logHigh;
}

/** log(1 + x), where 1 + x is carried as a sum of two doubles. −Infinity at −1, NaN below. */
export function log1p64(x: number): number {
  if (!(x > -1)) return x === -1 ? Number.NEGATIVE_INFINITY : Number.NaN;
  if (Math.abs(x) < TINY || x === Number.POSITIVE_INFINITY) return x;
  const u = 1 + x;
  logOfSum(u, x >= 1 ? 1 - (u - x) : x - (u - 1));
  return logHigh;
}

/** From 2⁵³ on every double is an even integer. */
const ALL_EVEN = 9007199254740992;

function isOdd(y: number): boolean {
  const a = Math.abs(y);
  if (!(a < ALL_EVEN) || Math.floor(a) !== a) return false;
  const half = a * 0.5;
  return Math.floor(half) !== half;
}

/**
 * x^y for finite x > 0, x ≠ 1, and finite y: e^(y·log x), the product carried as a sum of two
 * doubles.
 */
function powOfPositive(x: number, y: number): number {
  logOfSum(x, 0);
  const p = y * logHigh;
  // Beyond the range of exp; the error of so large a product would be large itself, or overflow.
  if (Math.abs(p) > 800) return p > 0 ? Number.POSITIVE_INFINITY : 0;
  return expOfSum(p, productError(y, logHigh, p) + y * logLow);
}

/**
 * x^y with the special cases of IEEE 754 and the array API: x⁰ and 1^y are 1 even for NaN, (−1)^±∞
 * is 1, a negative x to a power that is no integer is NaN, and a zero or infinite x keeps its sign
 * under odd integers.
 */
export function pow64(x: number, y: number): number {
  if (y === 0 || x === 1) return 1;
  if (Number.isNaN(x) || Number.isNaN(y)) return Number.NaN;
  const a = Math.abs(x);
  if (Math.abs(y) === Number.POSITIVE_INFINITY) {
    if (a === 1) return 1;
    return a > 1 === y > 0 ? Number.POSITIVE_INFINITY : 0;
  }
  // A sign bit, so that −0 counts as negative.
  const negative = highWord(x) < 0;
  const sign = negative && isOdd(y) ? -1 : 1;
  if (a === 0) return y > 0 ? sign * 0 : sign * Number.POSITIVE_INFINITY;
  if (a === Number.POSITIVE_INFINITY) return y > 0 ? sign * a : sign * 0;
  if (negative && Math.floor(y) !== y) return Number.NaN;
  if (a === 1) return sign;
  return sign * powOfPositive(a, y);
}
