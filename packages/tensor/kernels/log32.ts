import { constant, multiplyAdd } from './lanes';

const SMALLEST_NORMAL: usize = memory.data<f32>([1.1754943508222875e-38], 4);
const TWO_25: usize = memory.data<f32>([33554432], 4);
/** √½, as bits too. */
const ROOT_HALF: usize = memory.data<f32>([0.7071067690849304], 4);
const ONE: usize = memory.data<f32>([1], 4);
const TWO: usize = memory.data<f32>([2], 4);
const HALF: usize = memory.data<f32>([0.5], 4);
const LN2_HI: usize = memory.data<f32>([0.693145751953125], 4);
const LN2_LO: usize = memory.data<f32>([1.428606765330187e-6], 4);
const L2: usize = memory.data<f32>([0.29870927333831787], 4);
const L1: usize = memory.data<f32>([0.39977580308914185], 4);
const L0: usize = memory.data<f32>([0.6666677594184875], 4);
const INFINITE: usize = memory.data<f32>([Infinity], 4);

/** Natural logarithm: reference/math32.ts four lanes at a time, step for step. */
@inline
export function log32(x: v128): v128 {
  const zero = f32x4.splat(0);
  const infinity = constant(INFINITE);
  const subnormal = f32x4.lt(x, constant(SMALLEST_NORMAL));
  const bits = v128.bitselect(f32x4.mul(x, constant(TWO_25)), x, subnormal);
  const shift = i32x4.shr_s(i32x4.sub(bits, constant(ROOT_HALF)), 23);
  const k = f32x4.convert_i32x4_s(i32x4.sub(shift, v128.and(subnormal, i32x4.splat(25))));
  const v = f32x4.sub(i32x4.sub(bits, i32x4.shl(shift, 23)), constant(ONE));
  const s = f32x4.div(v, f32x4.add(constant(TWO), v));
  const z = f32x4.mul(s, s);
  let p = constant(L2);
  p = multiplyAdd<f32>(constant(L1), p, z);
  p = multiplyAdd<f32>(constant(L0), p, z);
  const h = f32x4.mul(f32x4.mul(constant(HALF), v), v);
  const low = f32x4.mul(k, constant(LN2_LO));
  const inner = multiplyAdd<f32>(low, s, multiplyAdd<f32>(h, z, p));
  const rest = f32x4.sub(v, f32x4.sub(h, inner));
  const y = multiplyAdd<f32>(rest, k, constant(LN2_HI));

  // Below 0 or NaN: NaN. At ±0: −Infinity. At Infinity: Infinity.
  const positive = v128.bitselect(y, f32x4.splat(NaN), f32x4.gt(x, zero));
  const finite = v128.bitselect(infinity, positive, f32x4.eq(x, infinity));
  return v128.bitselect(f32x4.neg(infinity), finite, f32x4.eq(x, zero));
}
