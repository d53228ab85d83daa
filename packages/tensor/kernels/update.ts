import { lanes, loadPart, loadUpTo, storePart } from './lanes';

/**
 * The largest magnitude of n elements, four vectors at a time. Read as int32, the magnitudes of
 * float32 keep their order, with NaNs above Infinity. One instruction therefore takes the larger,
 * and NaN has priority.
 */
@inline
function maxAbs32(x: usize, n: i32): f32 {
  const magnitude = i32x4.splat(0x7fffffff);
  let a = i32x4.splat(0), b = a, c = a, d = a;
  for (; n >= 16; n -= 16) {
    a = i32x4.max_s(a, v128.and(v128.load(x), magnitude));
    b = i32x4.max_s(b, v128.and(v128.load(x, 16), magnitude));
    c = i32x4.max_s(c, v128.and(v128.load(x, 32), magnitude));
    d = i32x4.max_s(d, v128.and(v128.load(x, 48), magnitude));
    x += 64;
  }
  for (; n > 0; n -= 4) {
    a = i32x4.max_s(a, v128.and(loadUpTo<f32>(x, min(n, 4)), magnitude));
    x += 16;
  }
  a = i32x4.max_s(i32x4.max_s(a, b), i32x4.max_s(c, d));
  a = i32x4.max_s(a, v128.shuffle<i32>(a, a, 2, 3, 0, 1));
  return reinterpret<f32>(max<i32>(i32x4.extract_lane(a, 0), i32x4.extract_lane(a, 1)));
}

/**
 * The largest magnitude in float64. pmax skips a NaN on its right, so NaNs are tracked separately.
 */
@inline
function maxAbs64(x: usize, n: i32): f64 {
  let most = f64x2.splat(0);
  let nan = most;
  for (; n > 0; n -= 2) {
    const magnitude = f64x2.abs(loadUpTo<f64>(x, min(n, 2)));
    most = f64x2.pmax(most, magnitude);
    nan = v128.or(nan, f64x2.ne(magnitude, magnitude));
    x += 16;
  }
  if (v128.any_true(nan)) return NaN;
  return max<f64>(f64x2.extract_lane(most, 0), f64x2.extract_lane(most, 1));
}

/**
 * pmin and pmax are single instructions, while min and max take ten. With the number on the left
 * they keep a NaN. They differ only for a zero and a bound of the other sign.
 */
@inline
function clamp<T>(x: v128, floor: v128, ceiling: v128, exact: bool): v128 {
  return exact
    ? v128.min<T>(v128.max<T>(x, floor), ceiling)
    : v128.pmin<T>(v128.pmax<T>(x, floor), ceiling);
}

@inline
function clipBetween<T>(x: usize, y: usize, n: i32, floor: v128, ceiling: v128, exact: bool): void {
  for (; n >= lanes<T>(); n -= lanes<T>()) {
    v128.store(y, clamp<T>(v128.load(x), floor, ceiling, exact));
    x += 16;
    y += 16;
  }
  if (n > 0) storePart<T>(y, clamp<T>(loadPart<T>(x, n), floor, ceiling, exact), n);
}

@inline
function clip<T>(x: usize, y: usize, n: i32, low: T, high: T): void {
  const floor = v128.splat<T>(low);
  const ceiling = v128.splat<T>(high);
  const plain = (low < 0 || low > 0) && (high < 0 || high > 0);
  if (plain) clipBetween<T>(x, y, n, floor, ceiling, false);
  else clipBetween<T>(x, y, n, floor, ceiling, true);
}

@inline
function sgd<T>(p: usize, g: usize, n: i32, lr: T): void {
  const rate = v128.splat<T>(lr);
  for (; n >= lanes<T>(); n -= lanes<T>()) {
    v128.store(p, v128.sub<T>(v128.load(p), v128.mul<T>(rate, v128.load(g))));
    p += 16;
    g += 16;
  }
  if (n > 0) storePart<T>(p, v128.sub<T>(loadPart<T>(p, n), v128.mul<T>(rate, loadPart<T>(g, n))), n);
}

/** One vector of Adagrad's step: the new parameter. `s` already includes g². */
@inline
function adagradStep<T>(p: v128, g: v128, s: v128, lr: v128, eps: v128, epsInside: bool): v128 {
  const d = epsInside ? v128.sqrt<T>(v128.add<T>(s, eps)) : v128.add<T>(v128.sqrt<T>(s), eps);
  return v128.sub<T>(p, v128.div<T>(v128.mul<T>(lr, g), d));
}

@inline
function adagradOf<T>(p: usize, g: usize, s: usize, n: i32, lr: T, eps: T, epsInside: bool): void {
  const rate = v128.splat<T>(lr);
  const epsilon = v128.splat<T>(eps);
  for (; n >= lanes<T>(); n -= lanes<T>()) {
    const gradient = v128.load(g);
    const squares = v128.add<T>(v128.load(s), v128.mul<T>(gradient, gradient));
    v128.store(s, squares);
    v128.store(p, adagradStep<T>(v128.load(p), gradient, squares, rate, epsilon, epsInside));
    p += 16;
    g += 16;
    s += 16;
  }
  if (n > 0) {
    const gradient = loadPart<T>(g, n);
    const squares = v128.add<T>(loadPart<T>(s, n), v128.mul<T>(gradient, gradient));
    storePart<T>(s, squares, n);
    storePart<T>(p, adagradStep<T>(loadPart<T>(p, n), gradient, squares, rate, epsilon, epsInside), n);
  }
}

/** A loop for each form. Inside the loop, the branch would compute both. */
@inline
function adagrad<T>(p: usize, g: usize, s: usize, n: i32, lr: T, eps: T, epsInside: i32): void {
  if (epsInside) adagradOf<T>(p, g, s, n, lr, eps, true);
  else adagradOf<T>(p, g, s, n, lr, eps, false);
}

export function maxAbs_f32(x: usize, n: i32): f32 { return maxAbs32(x, n); }
export function maxAbs_f64(x: usize, n: i32): f64 { return maxAbs64(x, n); }
export function clip_f32(x: usize, y: usize, n: i32, low: f32, high: f32): void {
  clip<f32>(x, y, n, low, high);
}
export function clip_f64(x: usize, y: usize, n: i32, low: f64, high: f64): void {
  clip<f64>(x, y, n, low, high);
}
export function sgd_f32(p: usize, g: usize, n: i32, lr: f32): void { sgd<f32>(p, g, n, lr); }
export function sgd_f64(p: usize, g: usize, n: i32, lr: f64): void { sgd<f64>(p, g, n, lr); }
export function adagrad_f32(p: usize, g: usize, s: usize, n: i32, lr: f32, eps: f32, epsInside: i32): void {
  adagrad<f32>(p, g, s, n, lr, eps, epsInside);
}
export function adagrad_f64(p: usize, g: usize, s: usize, n: i32, lr: f64, eps: f64, epsInside: i32): void {
  adagrad<f64>(p, g, s, n, lr, eps, epsInside);
}
