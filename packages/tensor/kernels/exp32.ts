import { copySign, power2, scaleByPower2 } from './bits32';

// The elementary functions of src/kernels/reference/math32.ts, four lanes at a time, step for step: the
// reference explains the mathematics. pmin and pmax are single instructions here: with the NaN on the left
// they keep it.

/** eʳ − 1, where x = k·ln 2 + r. The k is found by `exponentOf`, from the same `shifted`. */
@inline
function fraction(x: v128, shifted: v128): v128 {
  const k = f32x4.sub(shifted, f32x4.splat(12582912));
  const high = f32x4.sub(x, f32x4.mul(k, f32x4.splat(0.693145751953125)));
  const r = f32x4.sub(high, f32x4.mul(k, f32x4.splat(1.428606765330187e-6)));
  let q = f32x4.splat(0.0013838307932019234);
  q = f32x4.add(f32x4.mul(q, r), f32x4.splat(0.00836929865181446));
  q = f32x4.add(f32x4.mul(q, r), f32x4.splat(0.041668087244033813));
  q = f32x4.add(f32x4.mul(q, r), f32x4.splat(0.16666515171527863));
  q = f32x4.add(f32x4.mul(q, r), f32x4.splat(0.4999999403953552));
  return f32x4.add(r, f32x4.mul(f32x4.mul(r, r), q));
}

/** x·log₂e + 1.5·2²³: the integer nearest to x·log₂e stands in the low bits. */
@inline
function shift(x: v128): v128 {
  return f32x4.add(f32x4.mul(x, f32x4.splat(1.4426950408889634)), f32x4.splat(12582912));
}

@inline
function exponentOf(shifted: v128): v128 {
  return i32x4.sub(shifted, i32x4.splat(0x4b400000));
}

/** e^x. */
export function exp32(x: v128): v128 {
  const clamped = f32x4.pmax(f32x4.pmin(x, f32x4.splat(89)), f32x4.splat(-104));
  const shifted = shift(clamped);
  const t = fraction(clamped, shifted);
  return scaleByPower2(f32x4.add(f32x4.splat(1), t), exponentOf(shifted));
}

/** σ(−a) for 0 ≤ a ≤ 104. */
@inline
function sigmoidOfMinus(a: v128): v128 {
  const one = f32x4.splat(1);
  const shifted = shift(a);
  const t = fraction(a, shifted);
  const k = exponentOf(shifted);
  const w = power2(i32x4.neg(i32x4.min_s(k, i32x4.splat(126))));
  const base = f32x4.add(one, w);
  const d = f32x4.add(base, t);
  const e = f32x4.add(f32x4.sub(t, f32x4.sub(d, base)), f32x4.sub(w, f32x4.sub(base, one)));
  const q = f32x4.div(one, d);
  return scaleByPower2(f32x4.sub(q, f32x4.mul(f32x4.mul(q, q), e)), i32x4.neg(k));
}

/** 1 / (1 + e^−x). */
export function sigmoid32(x: v128): v128 {
  const s = sigmoidOfMinus(f32x4.pmin(f32x4.abs(x), f32x4.splat(104)));
  return v128.bitselect(s, f32x4.sub(f32x4.splat(1), s), f32x4.lt(x, f32x4.splat(0)));
}

/** Hyperbolic tangent. */
export function tanh32(x: v128): v128 {
  const a = f32x4.pmin(f32x4.abs(x), f32x4.splat(10));
  const z = f32x4.mul(a, a);
  let p = f32x4.splat(-0.0056922961957752705);
  p = f32x4.add(f32x4.mul(p, z), f32x4.splat(0.02062816731631756));
  p = f32x4.add(f32x4.mul(p, z), f32x4.splat(-0.05373651534318924));
  p = f32x4.add(f32x4.mul(p, z), f32x4.splat(0.13331405818462372));
  p = f32x4.add(f32x4.mul(p, z), f32x4.splat(-0.3333328068256378));
  const near = f32x4.add(a, f32x4.mul(a, f32x4.mul(z, p)));
  const two = f32x4.splat(2);
  const far = f32x4.sub(f32x4.splat(1), f32x4.mul(two, sigmoidOfMinus(f32x4.mul(two, a))));
  return copySign(v128.bitselect(near, far, f32x4.lt(a, f32x4.splat(0.625))), x);
}
