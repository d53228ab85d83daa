/** 2ᵏ in each lane, −126 ≤ k ≤ 127. */
@inline
export function power2(k: v128): v128 {
  return i32x4.shl(i32x4.add(k, i32x4.splat(127)), 23);
}

/** x·2ᵏ as two factors, so that only the last product rounds or overflows. */
@inline
export function scaleByPower2(x: v128, k: v128): v128 {
  const half = i32x4.shr_s(k, 1);
  return f32x4.mul(f32x4.mul(x, power2(half)), power2(i32x4.sub(k, half)));
}

/** The magnitude of `x`, which is not negative, with the sign of `sign`. */
@inline
export function copySign(x: v128, sign: v128): v128 {
  return v128.or(x, v128.and(sign, i32x4.splat(0x80000000)));
}
