/**
 * The bits of a double, and sums of two doubles: what the float64 elementary functions are made of.
 * "x + c" in their comments is an unevaluated sum whose second term is about the rounding error of
 * the first (Dekker 1971).
 */

const double = new Float64Array(1);
const words = new Int32Array(double.buffer);

export function highWord(x: number): number {
  double[0] = x;
  return words[1]!;
}

/** `x` with its sign, exponent and upper 20 bits of mantissa replaced. */
export function withHighWord(x: number, high: number): number {
  double[0] = x;
  words[1] = high;
  return double[0]!;
}

/** 2ᵏ, −1022 ≤ k ≤ 1023. */
export function power2(k: number): number {
  return withHighWord(0, (k + 1023) << 20);
}

/**
 * x·2ᵏ for −2044 ≤ k ≤ 2046 and x around 1: two factors, so that only the last product rounds or
 * overflows.
 */
export function scale(x: number, k: number): number {
  const half = k >> 1;
  return x * power2(half) * power2(k - half);
}

/** The magnitude of `x`, which is not negative, with the sign of `sign`. */
export function copySign(x: number, sign: number): number {
  return withHighWord(x, highWord(x) | (highWord(sign) & 0x80000000));
}

/** 2²⁷ + 1 splits a double into two halves of 26 bits (Veltkamp 1968). */
const SPLITTER = 134217729;

/** The rounding error of `product = a·b` (Dekker); exact unless something over- or underflows. */
export function productError(a: number, b: number, product: number): number {
  const as = a * SPLITTER;
  const a1 = as - (as - a);
  const a2 = a - a1;
  const bs = b * SPLITTER;
  const b1 = bs - (bs - b);
  const b2 = b - b1;
  return a2 * b2 - (product - a1 * b1 - a2 * b1 - a1 * b2);
}

/** ln 2 = HI + LO. HI has 42 bits: its product with an exponent is exact. */
export const LN2_HI: number = 0.6931471805598903;
export const LN2_LO: number = 5.497923018708371e-14;
