/** Natural logarithm: reference/math32.ts four lanes at a time, step for step. */
export function log32(x: v128): v128 {
  const zero = f32x4.splat(0);
  const infinity = f32x4.splat(Infinity);
  const subnormal = f32x4.lt(x, f32x4.splat(1.1754943508222875e-38));
  const bits = v128.bitselect(f32x4.mul(x, f32x4.splat(33554432)), x, subnormal);
  const shift = i32x4.shr_s(i32x4.sub(bits, i32x4.splat(0x3f3504f3)), 23);
  const k = f32x4.convert_i32x4_s(i32x4.sub(shift, v128.and(subnormal, i32x4.splat(25))));
  const v = f32x4.sub(i32x4.sub(bits, i32x4.shl(shift, 23)), f32x4.splat(1));
  const s = f32x4.div(v, f32x4.add(f32x4.splat(2), v));
  const z = f32x4.mul(s, s);
  let p = f32x4.splat(0.29870927333831787);
  p = f32x4.add(f32x4.mul(p, z), f32x4.splat(0.39977580308914185));
  p = f32x4.add(f32x4.mul(p, z), f32x4.splat(0.6666677594184875));
  const tail = f32x4.mul(z, p);
  const h = f32x4.mul(f32x4.mul(f32x4.splat(0.5), v), v);
  const low = f32x4.mul(k, f32x4.splat(1.428606765330187e-6));
  const inner = f32x4.add(f32x4.mul(s, f32x4.add(h, tail)), low);
  const high = f32x4.mul(k, f32x4.splat(0.693145751953125));
  const y = f32x4.add(high, f32x4.sub(v, f32x4.sub(h, inner)));

  // Below 0 or NaN: NaN. At ±0: −Infinity. At Infinity: Infinity.
  const positive = v128.bitselect(y, f32x4.splat(NaN), f32x4.gt(x, zero));
  const finite = v128.bitselect(infinity, positive, f32x4.eq(x, infinity));
  return v128.bitselect(f32x4.splat(-Infinity), finite, f32x4.eq(x, zero));
}
