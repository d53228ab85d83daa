import { bytes, loadPart, op } from './lanes';

// The canonical order of a sum is defined in contract.ts: blocks of 128 with eight partial sums
// each, blocks summed pairwise. Partial sums start from +0, so they are never −0, and adding a
// padding of +0 does not change their bits.

/** Elements of the first part of n > 128: half of the blocks of 128, rounded down. */
@inline
export function firstHalf(n: i32): i32 {
  return (((n + 127) >>> 7) >>> 1) << 7;
}

/** The sum of n contiguous float32. The eight partial sums are two vectors. */
function sumRow32(x: usize, n: i32): f32 {
  if (n > 128) {
    const h = firstHalf(n);
    return sumRow32(x, h) + sumRow32(x + bytes<f32>(h), n - h);
  }
  let low = f32x4.splat(0); //  p0 p1 p2 p3
  let high = f32x4.splat(0); // p4 p5 p6 p7
  for (; n >= 8; n -= 8) {
    low = f32x4.add(low, v128.load(x));
    high = f32x4.add(high, v128.load(x, 16));
    x += 32;
  }
  if (n >= 4) {
    low = f32x4.add(low, v128.load(x));
    if (n > 4) high = f32x4.add(high, loadPart<f32>(x + 16, n - 4));
  } else if (n > 0) {
    low = f32x4.add(low, loadPart<f32>(x, n));
  }
  const fours = f32x4.add(low, high);
  const twos = f32x4.add(fours, v128.shuffle<f32>(fours, fours, 2, 3, 0, 1));
  return f32x4.extract_lane(twos, 0) + f32x4.extract_lane(twos, 1);
}

/** The terms to sum in float64: two elements at `x`, or one and a zero. */
class Value {
  @inline bytes(): i32 { return 8; }
  @inline two(x: usize, scale: v128): v128 { return v128.load(x); }
  @inline one(x: usize, scale: v128): v128 { return v128.load64_zero(x); }
}
class Square {
  @inline of(x: v128, scale: v128): v128 {
    const scaled = f64x2.mul(x, scale);
    return f64x2.mul(scaled, scaled);
  }
}
export class Square32 extends Square {
  @inline bytes(): i32 { return 4; }
  @inline two(x: usize, scale: v128): v128 {
    return this.of(f64x2.promote_low_f32x4(v128.load64_zero(x)), scale);
  }
  @inline one(x: usize, scale: v128): v128 {
    return f64x2.replace_lane(this.of(f64x2.promote_low_f32x4(v128.load32_zero(x)), scale), 1, 0);
  }
}
export class Square64 extends Square {
  @inline bytes(): i32 { return 8; }
  @inline two(x: usize, scale: v128): v128 { return this.of(v128.load(x), scale); }
  @inline one(x: usize, scale: v128): v128 {
    return f64x2.replace_lane(this.of(v128.load64_zero(x), scale), 1, 0);
  }
}

/** `acc` plus the terms of the one or two elements at `x` among the n left. n ≤ 0 adds nothing. */
@inline
function addTerms<Term>(acc: v128, x: usize, n: i32, scale: v128): v128 {
  if (n <= 0) return acc;
  return f64x2.add(acc, n == 1 ? op<Term>().one(x, scale) : op<Term>().two(x, scale));
}

/** The sum of n terms in float64. The eight partial sums are four vectors. */
export function sumRow64<Term>(x: usize, n: i32, scale: f64): f64 {
  const size = op<Term>().bytes();
  if (n > 128) {
    const h = firstHalf(n);
    return sumRow64<Term>(x, h, scale) + sumRow64<Term>(x + h * size, n - h, scale);
  }
  const factor = f64x2.splat(scale);
  let p0 = f64x2.splat(0); // p0 p1
  let p2 = f64x2.splat(0); // p2 p3
  let p4 = f64x2.splat(0); // p4 p5
  let p6 = f64x2.splat(0); // p6 p7
  for (; n >= 8; n -= 8) {
    p0 = f64x2.add(p0, op<Term>().two(x, factor));
    p2 = f64x2.add(p2, op<Term>().two(x + 2 * size, factor));
    p4 = f64x2.add(p4, op<Term>().two(x + 4 * size, factor));
    p6 = f64x2.add(p6, op<Term>().two(x + 6 * size, factor));
    x += 8 * size;
  }
  p0 = addTerms<Term>(p0, x, n, factor);
  p2 = addTerms<Term>(p2, x + 2 * size, n - 2, factor);
  p4 = addTerms<Term>(p4, x + 4 * size, n - 4, factor);
  p6 = addTerms<Term>(p6, x + 6 * size, n - 6, factor);
  const twos = f64x2.add(f64x2.add(p0, p4), f64x2.add(p2, p6));
  return f64x2.extract_lane(twos, 0) + f64x2.extract_lane(twos, 1);
}

/** The sum of n contiguous elements. */
@inline
export function sumRow<T>(x: usize, n: i32): T {
  return sizeof<T>() == 4 ? <T>sumRow32(x, n) : <T>sumRow64<Value>(x, n, 1);
}
