import { lanes, loadPart, storePart } from './lanes';

/**
 * The largest magnitude of n elements. WebAssembly's max takes ten instructions where pmax takes one, but
 * pmax passes over a NaN on its right, so NaNs are noted beside it. A tail's zeros do no harm: a magnitude is
 * never below 0.
 */
@inline
function maxAbs<T>(x: usize, n: i32): T {
  let most = v128.splat<T>(0);
  let nan = most;
  for (; n > 0; n -= lanes<T>()) {
    const magnitude = v128.abs<T>(n < lanes<T>() ? loadPart<T>(x, n) : v128.load(x));
    most = v128.pmax<T>(most, magnitude);
    nan = v128.or(nan, v128.ne<T>(magnitude, magnitude));
    x += 16;
  }
  if (v128.any_true(nan)) return <T>NaN;
  const ends = max<T>(v128.extract_lane<T>(most, 0), v128.extract_lane<T>(most, 1));
  if (sizeof<T>() == 8) return ends;
  return max<T>(ends, max<T>(v128.extract_lane<T>(most, 2), v128.extract_lane<T>(most, 3)));
}

@inline
function clip<T>(x: usize, y: usize, n: i32, low: T, high: T): void {
  const floor = v128.splat<T>(low);
  const ceiling = v128.splat<T>(high);
  for (; n >= lanes<T>(); n -= lanes<T>()) {
    v128.store(y, v128.min<T>(v128.max<T>(v128.load(x), floor), ceiling));
    x += 16;
    y += 16;
  }
  if (n > 0) storePart<T>(y, v128.min<T>(v128.max<T>(loadPart<T>(x, n), floor), ceiling), n);
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

/** One vector of Adagrad's step: the new parameter. `s` already has g² added. */
@inline
function adagradStep<T>(p: v128, g: v128, s: v128, lr: v128, eps: v128, epsInside: i32): v128 {
  const d = epsInside ? v128.sqrt<T>(v128.add<T>(s, eps)) : v128.add<T>(v128.sqrt<T>(s), eps);
  return v128.sub<T>(p, v128.div<T>(v128.mul<T>(lr, g), d));
}

@inline
function adagrad<T>(p: usize, g: usize, s: usize, n: i32, lr: T, eps: T, epsInside: i32): void {
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

export function maxAbs_f32(x: usize, n: i32): f32 { return maxAbs<f32>(x, n); }
export function maxAbs_f64(x: usize, n: i32): f64 { return maxAbs<f64>(x, n); }
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
