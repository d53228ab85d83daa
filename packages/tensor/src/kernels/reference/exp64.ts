/**
 * Float64 exponentials and what follows from them: exp, expm1, sigmoid, tanh. See `math64.ts` for
 * the rules of this code.
 */
import { copySign, LN2_HI, LN2_LO, power2, productError, scale } from './bits64.ts';

/** Adding 1.5·2⁵² rounds to an integer, ties to even. */
const SHIFT = 6755399441055744;

/** What `reduce` found: x + c = k·ln 2 + r. */
let exponent = 0;
let rest = 0;

/**
 * eʳ − 1 − r, where x + c = k·ln 2 + r and |r| ≤ ½ ln 2; |x| ≤ 1000. Leaves k in `exponent` and r
 * in `rest`.
 */
function reduce(x: number, c: number): number {
  const k = x * Math.LOG2E + SHIFT - SHIFT;
  exponent = k | 0;
  const high = x - k * LN2_HI;
  const low = c - k * LN2_LO;
  const r = high + low;
  const error = low - (r - high);
  rest = r;
  // (eʳ − 1 − r) / r² for |r| ≤ 0.3475; error 2⁻⁶⁰ of eʳ.
  let q = 2.086402079327258e-9;
  q = q * r + 2.5112499700013707e-8;
  q = q * r + 2.755744172353623e-7;
  q = q * r + 2.7557233481199087e-6;
  q = q * r + 2.480158712603369e-5;
  q = q * r + 1.9841269897842402e-4;
  q = q * r + 1.3888888888982812e-3;
  q = q * r + 8.333333333316397e-3;
  q = q * r + 0.0416666666666665;
  q = q * r + 0.16666666666666685;
  q = q * r + 0.5;
  return error + r * (error + r * q);
}

/**
 * (base + r + tail)·2ᵏ for |r| ≤ |base| or base = 0: base + r is kept exactly, so there is one
 * rounding.
 */
function assemble(base: number, r: number, tail: number, k: number): number {
  const s = base + r;
  return scale(s + (r - (s - base) + tail), k);
}

/** e^(x + c) for x finite or infinite. Beyond the clamp the answer is 0 or Infinity. */
export function expOfSum(x: number, c: number): number {
  const tail = reduce(Math.max(Math.min(x, 710), -746), c);
  return assemble(1, rest, tail, exponent);
}

/** e^x. */
export function exp64(x: number): number {
  if (Number.isNaN(x)) return x;
  return expOfSum(x, 0);
}

/** 2⁻⁵⁴: at smaller |x| the answer is x itself. */
const TINY = 5.551115123125783e-17;

/** e^x − 1, as 2ᵏ(eʳ − 1 + (1 − 2⁻ᵏ)). */
export function expm1_64(x: number): number {
  if (Number.isNaN(x) || Math.abs(x) < TINY) return x;
  const tail = reduce(Math.max(Math.min(x, 710), -50), 0);
  const k = exponent;
  const w = power2(-Math.min(k, 100));
  const base = 1 - w;
  return assemble(base, rest, tail + (1 - base - w), k);
}

/**
 * σ(−a) = 2⁻ᵏ / (2⁻ᵏ + eʳ) for 0 ≤ a ≤ 746, a = k·ln 2 + r. The denominator is kept as a sum d + e
 * of two doubles, and one Newton step on q = 1/d with its exact residual gives 1/(d + e): roundings
 * there would cost an ulp.
 */
function sigmoidOfMinus(a: number): number {
  const tail = reduce(a, 0);
  const t = rest + tail;
  const tLow = tail - (t - rest);
  const k = exponent;
  const w = power2(-Math.min(k, 1000));
  const base = 1 + w;
  const d = base + t;
  const e = t - (d - base) + (w - (base - 1) + tLow);
  const q = 1 / d;
  const qd = q * d;
  return scale(q + q * (1 - qd - productError(q, d, qd) - q * e), -k);
}

/** 1 / (1 + e^−x). */
export function sigmoid64(x: number): number {
  if (Number.isNaN(x)) return x;
  const s = sigmoidOfMinus(Math.min(Math.abs(x), 746));
  return x < 0 ? s : 1 - s;
}

/** Hyperbolic tangent: an odd polynomial near 0, elsewhere 1 − 2σ(−2|x|), where nothing cancels. */
export function tanh64(x: number): number {
  if (Number.isNaN(x)) return x;
  const a = Math.min(Math.abs(x), 20);
  if (a >= 0.625) return copySign(1 - 2 * sigmoidOfMinus(2 * a), x);
  // (tanh x / x − 1) / x² as a polynomial in x² for |x| ≤ 0.625; error 2⁻⁶¹ of tanh x.
  const z = a * a;
  let p = 6.048240557214712e-6;
  p = p * z - 3.0201639190045386e-5;
  p = p * z + 9.15742269797399e-5;
  p = p * z - 2.3702174131074648e-4;
  p = p * z + 5.894558411894378e-4;
  p = p * z - 1.4557270341246803e-3;
  p = p * z + 3.592114196393004e-3;
  p = p * z - 8.863234336276416e-3;
  p = p * z + 0.02186948847055621;
  p = p * z - 0.053968253966145;
  p = p * z + 0.13333333333329955;
  p = p * z - 0.33333333333333315;
  return copySign(a + a * (z * p), x);
}
