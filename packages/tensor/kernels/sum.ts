import { bytes, lanes, loadUpTo, storeUpTo } from './lanes';
import { firstHalf, Square32, Square64, sumRow, sumRow64 } from './pairwise';
import { sumFour, sum0, sum1, sum2, sum3 } from './tallSum';

/**
 * Sums up to 128 elements of each of `count` adjacent columns, `row` bytes from one to the next.
 * There are eight partial sums per column.
 */
@inline
function block<T>(x: usize, n: i32, row: i32, count: i32): v128 {
  const zero = v128.splat<T>(0);
  let p0 = zero, p1 = zero, p2 = zero, p3 = zero, p4 = zero, p5 = zero, p6 = zero, p7 = zero;
  for (; n >= 8; n -= 8) {
    p0 = v128.add<T>(p0, loadUpTo<T>(x, count));
    p1 = v128.add<T>(p1, loadUpTo<T>(x + row, count));
    p2 = v128.add<T>(p2, loadUpTo<T>(x + 2 * row, count));
    p3 = v128.add<T>(p3, loadUpTo<T>(x + 3 * row, count));
    p4 = v128.add<T>(p4, loadUpTo<T>(x + 4 * row, count));
    p5 = v128.add<T>(p5, loadUpTo<T>(x + 5 * row, count));
    p6 = v128.add<T>(p6, loadUpTo<T>(x + 6 * row, count));
    p7 = v128.add<T>(p7, loadUpTo<T>(x + 7 * row, count));
    x += 8 * row;
  }
  if (n > 0) p0 = v128.add<T>(p0, loadUpTo<T>(x, count));
  if (n > 1) p1 = v128.add<T>(p1, loadUpTo<T>(x + row, count));
  if (n > 2) p2 = v128.add<T>(p2, loadUpTo<T>(x + 2 * row, count));
  if (n > 3) p3 = v128.add<T>(p3, loadUpTo<T>(x + 3 * row, count));
  if (n > 4) p4 = v128.add<T>(p4, loadUpTo<T>(x + 4 * row, count));
  if (n > 5) p5 = v128.add<T>(p5, loadUpTo<T>(x + 5 * row, count));
  if (n > 6) p6 = v128.add<T>(p6, loadUpTo<T>(x + 6 * row, count));
  const even = v128.add<T>(v128.add<T>(p0, p4), v128.add<T>(p2, p6));
  const odd = v128.add<T>(v128.add<T>(p1, p5), v128.add<T>(p3, p7));
  return v128.add<T>(even, odd);
}

/** The sums of `count` adjacent columns of n elements. */
function sumColumns<T>(x: usize, n: i32, row: i32, count: i32): v128 {
  if (n > 128) {
    const h = firstHalf(n);
    return v128.add<T>(sumColumns<T>(x, h, row, count), sumColumns<T>(x + h * row, n - h, row, count));
  }
  // A constant count lets the compiler drop the branch inside every load.
  return count == lanes<T>() ? block<T>(x, n, row, lanes<T>()) : block<T>(x, n, row, count);
}

@inline
function sum<T>(x: usize, y: usize, outer: i32, n: i32, inner: i32): void {
  const row = bytes<T>(inner);
  for (; outer > 0; outer--) {
    if (inner == 1) {
      store<T>(y, sumRow<T>(x, n));
    } else {
      let i = 0;
      // Columns longer than a block: four vectors of them at a time, so that whole cache lines are
      // read once.
      for (; n > 128 && i + 4 * lanes<T>() <= inner; i += 4 * lanes<T>()) {
        sumFour<T>(x + bytes<T>(i), n, row);
        const to = y + bytes<T>(i);
        v128.store(to, sum0);
        v128.store(to, sum1, 16);
        v128.store(to, sum2, 32);
        v128.store(to, sum3, 48);
      }
      for (; i < inner; i += lanes<T>()) {
        const count = min(inner - i, lanes<T>());
        storeUpTo<T>(y + bytes<T>(i), sumColumns<T>(x + bytes<T>(i), n, row, count), count);
      }
    }
    x += n * row;
    y += row;
  }
}

export function sum_f32(x: usize, y: usize, outer: i32, n: i32, inner: i32): void {
  sum<f32>(x, y, outer, n, inner);
}
export function sum_f64(x: usize, y: usize, outer: i32, n: i32, inner: i32): void {
  sum<f64>(x, y, outer, n, inner);
}
export function sumSquares_f32(x: usize, n: i32, scale: f64): f64 { return sumRow64<Square32>(x, n, scale); }
export function sumSquares_f64(x: usize, n: i32, scale: f64): f64 { return sumRow64<Square64>(x, n, scale); }
