import { LN2_HI, LN2_LO, power2, productError, scale } from './bits64';

// src/kernels/reference/exp64.ts, line by line. The reference explains the mathematics.

/** Adding 1.5·2⁵² rounds to an integer, ties to even. */
const SHIFT: f64 = 6755399441055744;
const TINY: f64 = 5.551115123125783e-17;

/** Results of `reduce`: x + c = k·ln 2 + r. */
let exponent: i32 = 0;
let rest: f64 = 0;

/** eʳ − 1 − r; leaves k in `exponent` and r in `rest`. */
function reduce(x: f64, c: f64): f64 {
  const k = x * 1.4426950408889634 + SHIFT - SHIFT;
  exponent = <i32>k;
  const high = x - k * LN2_HI;
  const low = c - k * LN2_LO;
  const r = high + low;
  const error = low - (r - high);
  rest = r;
  let q: f64 = 2.086402079327258e-9;
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

/** (base + r + tail)·2ᵏ. */
@inline
function assemble(base: f64, r: f64, tail: f64, k: i32): f64 {
  const s = base + r;
  return scale(s + (r - (s - base) + tail), k);
}

/** e^(x + c) for x finite or infinite. */
export function expOfSum(x: f64, c: f64): f64 {
  const tail = reduce(max<f64>(min<f64>(x, 710), -746), c);
  return assemble(1, rest, tail, exponent);
}

/** e^x. */
export function exp64(x: f64): f64 {
  if (isNaN(x)) return x;
  return expOfSum(x, 0);
}

/** e^x − 1. */
export function expm1_64(x: f64): f64 {
  if (isNaN(x) || abs<f64>(x) < TINY) return x;
  const tail = reduce(max<f64>(min<f64>(x, 710), -50), 0);
  const k = exponent;
  const w = power2(-min<i32>(k, 100));
  const base = 1 - w;
  return assemble(base, rest, tail + (1 - base - w), k);
}

/** σ(−a) for 0 ≤ a ≤ 746. */
function sigmoidOfMinus(a: f64): f64 {
  const tail = reduce(a, 0);
  const t = rest + tail;
  const tLow = tail - (t - rest);
  const k = exponent;
  const w = power2(-min<i32>(k, 1000));
  const base = 1 + w;
  const d = base + t;
  const e = t - (d - base) + (w - (base - 1) + tLow);
  const q = 1 / d;
  const qd = q * d;
  return scale(q + q * (1 - qd - productError(q, d, qd) - q * e), -k);
}

/** 1 / (1 + e^−x). */
export function sigmoid64(x: f64): f64 {
  if (isNaN(x)) return x;
  const s = sigmoidOfMinus(min<f64>(abs<f64>(x), 746));
  return x < 0 ? s : 1 - s;
}

/** Hyperbolic tangent. */
export function tanh64(x: f64): f64 {
  if (isNaN(x)) return x;
  const a = min<f64>(abs<f64>(x), 20);
  if (a >= 0.625) return copysign<f64>(1 - 2 * sigmoidOfMinus(2 * a), x);
  const z = a * a;
  let p: f64 = 6.048240557214712e-6;
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
  return copysign<f64>(a + a * (z * p), x);
}
