// src/kernels/reference/bits64.ts, line by line. The reference explains the mathematics.

@inline
export function highWord(x: f64): i32 {
  return <i32>(reinterpret<u64>(x) >> 32);
}

/** `x` with its sign, exponent and upper 20 bits of mantissa replaced. */
@inline
export function withHighWord(x: f64, high: i32): f64 {
  return reinterpret<f64>((reinterpret<u64>(x) & 0xffffffff) | ((<u64>(<u32>high)) << 32));
}

/** 2ᵏ, −1022 ≤ k ≤ 1023. */
@inline
export function power2(k: i32): f64 {
  return reinterpret<f64>((<u64>(k + 1023)) << 52);
}

/** x·2ᵏ as two factors, so that only the last product rounds or overflows. */
@inline
export function scale(x: f64, k: i32): f64 {
  const half = k >> 1;
  return x * power2(half) * power2(k - half);
}

/** The rounding error of `product = a·b`. */
@inline
export function productError(a: f64, b: f64, product: f64): f64 {
  const as = a * 134217729;
  const a1 = as - (as - a);
  const a2 = a - a1;
  const bs = b * 134217729;
  const b1 = bs - (bs - b);
  const b2 = b - b1;
  return a2 * b2 - (product - a1 * b1 - a2 * b1 - a1 * b2);
}

/** ln 2 = HI + LO. HI has 42 bits. */
export const LN2_HI: f64 = 0.6931471805598903;
export const LN2_LO: f64 = 5.497923018708371e-14;
