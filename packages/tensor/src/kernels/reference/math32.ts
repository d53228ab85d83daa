/**
 * Float32 elementary functions, the same bits on every engine: at most 2 ulp from the exact value,
 * every float32 included.
 *
 * Each arithmetic step is rounded to float32 and nothing is fused, and there are no tables and no
 * loops: a SIMD port takes the same steps in every lane, computes both sides of a choice and
 * selects. Where a function is given a NaN, the bit tricks on its exponent yield garbage, and that
 * is harmless: the garbage only ever multiplies a NaN.
 *
 * The polynomials are near-minimax fits (Remez exchange, coefficients rounded one by one); the
 * comment beside each states its own error.
 */
import { cos64, erf64, expm1_64, log1p64, pow64, sin64 } from './math64.ts';

const f = Math.fround;

const float = new Float32Array(1);
const word = new Int32Array(float.buffer);

function bitsOf(x: number): number {
  float[0] = x;
  return word[0]!;
}

function fromBits(bits: number): number {
  word[0] = bits;
  return float[0]!;
}

/** 2ᵏ, −126 ≤ k ≤ 127. */
function power2(k: number): number {
  return fromBits((k + 127) << 23);
}

/**
 * x·2ᵏ for −252 ≤ k ≤ 254 and x around 1: two factors, so that only the last product rounds or
 * overflows.
 */
function scale(x: number, k: number): number {
  const half = k >> 1;
  return f(f(x * power2(half)) * power2(k - half));
}

/** The magnitude of `x`, which is not negative, with the sign of `sign`. */
function copySign(x: number, sign: number): number {
  return fromBits(bitsOf(x) | (bitsOf(sign) & 0x80000000));
}

const LOG2_E = f(Math.LOG2E);
/** ln 2 = HI + LO. HI has 15 bits: its product with an exponent is exact. */
const LN2_HI = f(0.693145751953125);
const LN2_LO = f(1.428606765330187e-6);
/** Adding 1.5·2²³ rounds to an integer (ties to even) and leaves that integer in the low bits. */
const SHIFT = 12582912;
const SHIFT_BITS = 0x4b400000;

/** (eʳ − 1 − r) / r² for |r| ≤ 0.3475; error 2⁻²⁸ of eʳ. */
const E0 = f(0.4999999403953552);
const E1 = f(0.16666515171527863);
const E2 = f(0.041668087244033813);
const E3 = f(0.00836929865181446);
const E4 = f(0.0013838307932019234);

/** The k that `fraction` found: x = k·ln 2 + r. */
let exponent = 0;

/** eʳ − 1, where x = k·ln 2 + r with |r| ≤ ½ ln 2; |x| ≤ 150. Leaves k in `exponent`. */
function fraction(x: number): number {
  const shifted = f(f(x * LOG2_E) + SHIFT);
  exponent = bitsOf(shifted) - SHIFT_BITS;
  const k = f(shifted - SHIFT);
  const r = f(f(x - f(k * LN2_HI)) - f(k * LN2_LO));
  const q = f(f(f(f(f(f(f(f(E4 * r) + E3) * r) + E2) * r) + E1) * r) + E0);
  return f(r + f(f(r * r) * q));
}

/** e^x. Beyond the clamp the answer is 0 or Infinity. */
export function exp32(x: number): number {
  const t = fraction(Math.max(Math.min(x, 89), -104));
  return scale(f(1 + t), exponent);
}

/**
 * σ(−a) = 2⁻ᵏ / (2⁻ᵏ + eʳ) for 0 ≤ a ≤ 104, a = k·ln 2 + r. The denominator is kept as a sum d + e
 * of two floats (its rounding alone would cost an ulp), and 1/(d + e) = q − q²e with q = 1/d.
 */
function sigmoidOfMinus(a: number): number {
  const t = fraction(a);
  const k = exponent;
  const w = power2(-Math.min(k, 126));
  const base = f(1 + w);
  const d = f(base + t);
  const e = f(f(t - f(d - base)) + f(w - f(base - 1)));
  const q = f(1 / d);
  return scale(f(q - f(f(q * q) * e)), -k);
}

/** 1 / (1 + e^−x). */
export function sigmoid32(x: number): number {
  const s = sigmoidOfMinus(Math.min(Math.abs(x), 104));
  return x < 0 ? s : f(1 - s);
}

/** (tanh x / x − 1) / x² as a polynomial in x² for |x| ≤ 0.625; error 2⁻²⁷ of tanh x. */
const T0 = f(-0.3333328068256378);
const T1 = f(0.13331405818462372);
const T2 = f(-0.05373651534318924);
const T3 = f(0.02062816731631756);
const T4 = f(-0.0056922961957752705);

/**
 * Hyperbolic tangent: an odd polynomial near 0, elsewhere 1 − 2/(e^2|x| + 1), where nothing
 * cancels; e^2|x| = 2ᵏ(1 + t).
 */
export function tanh32(x: number): number {
  const a = Math.min(Math.abs(x), 10);
  const z = f(a * a);
  const p = f(f(f(f(f(f(f(f(T4 * z) + T3) * z) + T2) * z) + T1) * z) + T0);
  const near = f(a + f(a * f(z * p)));
  const t = fraction(f(2 * a));
  const w = power2(exponent);
  const far = f(1 - f(2 / f(f(w + 1) + f(w * t))));
  return copySign(a < 0.625 ? near : far, x);
}

/** √½, rounded, as bits: the mantissa of a logarithm's argument is taken from [√½, √2). */
const ROOT_HALF_BITS = 0x3f3504f3;
const SMALLEST_NORMAL = 1.1754943508222875e-38;

/** (2 atanh(s)/s − 2) / s² as a polynomial in s² for |s| ≤ 0.1716; error 2⁻³⁰ of 2 atanh(s). */
const L0 = f(0.6666677594184875);
const L1 = f(0.39977580308914185);
const L2 = f(0.29870927333831787);

/**
 * Natural logarithm. With x = 2ᵏ(1 + v) and s = v/(2 + v): log(1 + v) = 2 atanh(s) = v − (v²/2 −
 * s(v²/2 + R)), R = s²·P(s²). −Infinity at ±0, NaN below.
 */
export function log32(x: number): number {
  const subnormal = x < SMALLEST_NORMAL;
  const bits = bitsOf(subnormal ? f(x * 33554432) : x);
  const shift = (bits - ROOT_HALF_BITS) >> 23;
  const k = subnormal ? shift - 25 : shift;
  const v = f(fromBits(bits - (shift << 23)) - 1);
  const s = f(v / f(2 + v));
  const z = f(s * s);
  const tail = f(z * f(f(f(f(L2 * z) + L1) * z) + L0));
  const h = f(f(0.5 * v) * v);
  const inner = f(f(s * f(h + tail)) + f(k * LN2_LO));
  const y = f(f(k * LN2_HI) + f(v - f(h - inner)));
  if (x < Number.POSITIVE_INFINITY && x > 0) return y;
  if (x === 0) return Number.NEGATIVE_INFINITY;
  return x > 0 ? x : Number.NaN;
}

/** e^x − 1, by the float64 function, rounded once. */
export function expm1_32(x: number): number {
  return f(expm1_64(x));
}

/** log(1 + x), by the float64 function, rounded once. */
export function log1p32(x: number): number {
  return f(log1p64(x));
}

/** Sine, by the float64 function, rounded once. */
export function sin32(x: number): number {
  return f(sin64(x));
}

/** Cosine, by the float64 function, rounded once. */
export function cos32(x: number): number {
  return f(cos64(x));
}

/** The error function, by the float64 function, rounded once. */
export function erf32(x: number): number {
  return f(erf64(x));
}

/** x^y, by the float64 function, rounded once. */
export function pow32(x: number, y: number): number {
  return f(pow64(x, y));
}
