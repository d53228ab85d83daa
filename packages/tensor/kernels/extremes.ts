import { Max, Min, ofRow } from './extreme';
import { bytes, lanes, loadUpTo, op, storeUpTo } from './lanes';

/** The extremes of `count` adjacent columns of n ≥ 1 elements, `row` bytes from one to the next. */
@inline
function ofColumns<T, Op>(x: usize, n: i32, row: i32, count: i32): v128 {
  let best = loadUpTo<T>(x, count);
  for (let k = 1; k < n; k++) {
    x += row;
    best = op<Op>().vector<T>(best, loadUpTo<T>(x, count));
  }
  return best;
}

@inline
function extreme<T, Op>(x: usize, y: usize, outer: i32, n: i32, inner: i32): void {
  const row = bytes<T>(inner);
  for (; outer > 0; outer--) {
    if (inner == 1) {
      store<T>(y, ofRow<T, Op>(x, n));
    } else {
      for (let i = 0; i < inner; i += lanes<T>()) {
        const count = min(inner - i, lanes<T>());
        storeUpTo<T>(y + bytes<T>(i), ofColumns<T, Op>(x + bytes<T>(i), n, row, count), count);
      }
    }
    x += n * row;
    y += row;
  }
}

/**
 * The first position of the largest of n elements, `row` bytes from one to the next. The first NaN
 * has priority.
 */
@inline
function argmaxOf<T>(x: usize, n: i32, row: i32): i32 {
  let best = load<T>(x);
  let at = 0;
  for (let k = 1; k < n && best == best; k++) {
    x += row;
    const value = load<T>(x);
    if (value > best || value != value) {
      best = value;
      at = k;
    }
  }
  return at;
}

@inline
function argmax<T>(x: usize, y: usize, outer: i32, n: i32, inner: i32): void {
  const row = bytes<T>(inner);
  for (; outer > 0; outer--) {
    for (let i = 0; i < inner; i++) {
      store<i32>(y, argmaxOf<T>(x + bytes<T>(i), n, row));
      y += 4;
    }
    x += n * row;
  }
}

export function max_f32(x: usize, y: usize, outer: i32, n: i32, inner: i32): void {
  extreme<f32, Max>(x, y, outer, n, inner);
}
export function max_f64(x: usize, y: usize, outer: i32, n: i32, inner: i32): void {
  extreme<f64, Max>(x, y, outer, n, inner);
}
export function min_f32(x: usize, y: usize, outer: i32, n: i32, inner: i32): void {
  extreme<f32, Min>(x, y, outer, n, inner);
}
export function min_f64(x: usize, y: usize, outer: i32, n: i32, inner: i32): void {
  extreme<f64, Min>(x, y, outer, n, inner);
}
export function argmax_f32(x: usize, y: usize, outer: i32, n: i32, inner: i32): void {
  argmax<f32>(x, y, outer, n, inner);
}
export function argmax_f64(x: usize, y: usize, outer: i32, n: i32, inner: i32): void {
  argmax<f64>(x, y, outer, n, inner);
}
