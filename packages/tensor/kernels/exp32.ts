import { copySign, power2, scaleByPower2 } from './bits32';
import { constant, multiplyAdd, multiplySubtract } from './lanes';

// The elementary functions of src/kernels/reference/math32.ts, four lanes at a time, step for step.
// The reference explains the mathematics. pmin and pmax are single instructions here. With the NaN
// on the left they keep it.

const ONE: usize = memory.data<f32>([1], 4);
const TWO: usize = memory.data<f32>([2], 4);
const LOG2_E: usize = memory.data<f32>([1.4426950408889634], 4);
const LN2_HI: usize = memory.data<f32>([0.693145751953125], 4);
const LN2_LO: usize = memory.data<f32>([1.428606765330187e-6], 4);
/** 1.5·2²³. As bits, the zero of exponents. */
const SHIFT: usize = memory.data<f32>([12582912], 4);
const E4: usize = memory.data<f32>([0.0013838307932019234], 4);
const E3: usize = memory.data<f32>([0.00836929865181446], 4);
const E2: usize = memory.data<f32>([0.041668087244033813], 4);
const E1: usize = memory.data<f32>([0.16666515171527863], 4);
const E0: usize = memory.data<f32>([0.4999999403953552], 4);
const T4: usize = memory.data<f32>([-0.0056922961957752705], 4);
const T3: usize = memory.data<f32>([0.02062816731631756], 4);
const T2: usize = memory.data<f32>([-0.05373651534318924], 4);
const T1: usize = memory.data<f32>([0.13331405818462372], 4);
const T0: usize = memory.data<f32>([-0.3333328068256378], 4);
const NEAR: usize = memory.data<f32>([0.625], 4);
const LEAST_EXP: usize = memory.data<f32>([-104], 4);
const MOST_EXP: usize = memory.data<f32>([89], 4);
const MOST_SIGMOID: usize = memory.data<f32>([104], 4);
const MOST_TANH: usize = memory.data<f32>([10], 4);

/** x·log₂e + 1.5·2²³. The low bits are the integer nearest to x·log₂e. */
@inline
function shift(x: v128): v128 {
  return multiplyAdd<f32>(constant(SHIFT), x, constant(LOG2_E));
}

@inline
function exponentOf(shifted: v128): v128 {
  return i32x4.sub(shifted, constant(SHIFT));
}

/** eʳ − 1, where x = k·ln 2 + r. `exponentOf` computes k from the same `shifted`. */
@inline
function fraction(x: v128, shifted: v128): v128 {
  const k = f32x4.sub(shifted, constant(SHIFT));
  const high = multiplySubtract<f32>(x, k, constant(LN2_HI));
  const r = multiplySubtract<f32>(high, k, constant(LN2_LO));
  let q = constant(E4);
  q = multiplyAdd<f32>(constant(E3), q, r);
  q = multiplyAdd<f32>(constant(E2), q, r);
  q = multiplyAdd<f32>(constant(E1), q, r);
  q = multiplyAdd<f32>(constant(E0), q, r);
  return multiplyAdd<f32>(r, f32x4.mul(r, r), q);
}

/** e^x. */
@inline
export function exp32(x: v128): v128 {
  const clamped = f32x4.pmax(f32x4.pmin(x, constant(MOST_EXP)), constant(LEAST_EXP));
  const shifted = shift(clamped);
  const t = fraction(clamped, shifted);
  return scaleByPower2(f32x4.add(constant(ONE), t), exponentOf(shifted));
}

/** σ(−a) for 0 ≤ a ≤ 104. */
@inline
function sigmoidOfMinus(a: v128): v128 {
  const one = constant(ONE);
  const shifted = shift(a);
  const t = fraction(a, shifted);
  const k = exponentOf(shifted);
  const w = power2(i32x4.neg(i32x4.min_s(k, i32x4.splat(126))));
  const base = f32x4.add(one, w);
  const d = f32x4.add(base, t);
  const e = f32x4.add(f32x4.sub(t, f32x4.sub(d, base)), f32x4.sub(w, f32x4.sub(base, one)));
  const q = f32x4.div(one, d);
  return scaleByPower2(multiplySubtract<f32>(q, f32x4.mul(q, q), e), i32x4.neg(k));
}

/** 1 / (1 + e^−x). */
@inline
export function sigmoid32(x: v128): v128 {
  const s = sigmoidOfMinus(f32x4.pmin(f32x4.abs(x), constant(MOST_SIGMOID)));
  return v128.bitselect(s, f32x4.sub(constant(ONE), s), f32x4.lt(x, f32x4.splat(0)));
}

/** Hyperbolic tangent. */
@inline
export function tanh32(x: v128): v128 {
  const a = f32x4.pmin(f32x4.abs(x), constant(MOST_TANH));
  const z = f32x4.mul(a, a);
  let p = constant(T4);
  p = multiplyAdd<f32>(constant(T3), p, z);
  p = multiplyAdd<f32>(constant(T2), p, z);
  p = multiplyAdd<f32>(constant(T1), p, z);
  p = multiplyAdd<f32>(constant(T0), p, z);
  const near = multiplyAdd<f32>(a, a, f32x4.mul(z, p));

  const one = constant(ONE);
  const two = constant(TWO);
  const double = f32x4.mul(two, a);
  const shifted = shift(double);
  const t = fraction(double, shifted);
  const w = power2(exponentOf(shifted));
  const d = multiplyAdd<f32>(f32x4.add(w, one), w, t);
  const far = f32x4.sub(one, f32x4.div(two, d));
  return copySign(v128.bitselect(near, far, f32x4.lt(a, constant(NEAR))), x);
}
