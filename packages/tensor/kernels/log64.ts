import { highWord, LN2_HI, LN2_LO, power2, productError, withHighWord } from './bits64';

// The logarithms of src/kernels/reference/log64.ts, line by line. The reference explains the
// mathematics.

const TINY: f64 = 5.551115123125783e-17;
const ROOT_HALF_HIGH: i32 = 0x3fe6a09e;
const SMALLEST_NORMAL: f64 = 2.2250738585072014e-308;
const TWO_54: f64 = 18014398509481984;

/** Results of `logOfSum`: the logarithm is `logHigh + logLow`. */
export let logHigh: f64 = 0;
export let logLow: f64 = 0;

/** log(x + c) for positive finite x, to about 64 bits, stored in `logHigh + logLow`. */
export function logOfSum(x: f64, c: f64): void {
  const subnormal = x < SMALLEST_NORMAL;
  const normal = subnormal ? x * TWO_54 : x;
  const high = highWord(normal);
  const shift = (high - ROOT_HALF_HIGH) >> 20;
  const k: f64 = subnormal ? shift - 54 : shift;

  const v0 = withHighWord(normal, high - (shift << 20)) - 1;
  const c0 = c * power2(-min<i32>(shift, 1000));
  const v = v0 + c0;
  const vLow = c0 - (v - v0);
  const d = 2 + v;
  const dLow = v - (d - 2) + vLow;
  const s = v / d;
  const sd = s * d;
  const sLow = (v - sd - productError(s, d, sd) + vLow - s * dLow) / d;
  const z = s * s;
  const zLow = productError(s, s, z) + 2 * s * sLow;

  let q: f64 = 0.11910867959069579;
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

/** Natural logarithm. */
export function log64(x: f64): f64 {
  if (!(x > 0)) return x == 0 ? -Infinity : NaN;
  if (x == Infinity) return x;
  logOfSum(x, 0);
  return logHigh;
}

/** log(1 + x). */
export function log1p64(x: f64): f64 {
  if (!(x > -1)) return x == -1 ? -Infinity : NaN;
  if (abs<f64>(x) < TINY || x == Infinity) return x;
  const u = 1 + x;
  logOfSum(u, x >= 1 ? 1 - (u - x) : x - (u - 1));
  return logHigh;
}
