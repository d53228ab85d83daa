import { binary } from './binary';
import { lanes, loadPart, storePart } from './lanes';

// A comparison gives a mask of all ones or all zeros. Masking the bits of 1.0 makes it 1 or 0.

class Equal {
  @inline apply<T>(a: v128, b: v128): v128 { return v128.and(v128.eq<T>(a, b), v128.splat<T>(1)); }
}
class NotEqual {
  @inline apply<T>(a: v128, b: v128): v128 { return v128.and(v128.ne<T>(a, b), v128.splat<T>(1)); }
}
class Less {
  @inline apply<T>(a: v128, b: v128): v128 { return v128.and(v128.lt<T>(a, b), v128.splat<T>(1)); }
}
class LessEqual {
  @inline apply<T>(a: v128, b: v128): v128 { return v128.and(v128.le<T>(a, b), v128.splat<T>(1)); }
}

export function equal_f32(
  a: usize, aRow: i32, aCol: i32, b: usize, bRow: i32, bCol: i32, y: usize, yRow: i32, rows: i32, cols: i32,
): void {
  binary<f32, Equal>(a, aRow, aCol, b, bRow, bCol, y, yRow, rows, cols);
}
export function equal_f64(
  a: usize, aRow: i32, aCol: i32, b: usize, bRow: i32, bCol: i32, y: usize, yRow: i32, rows: i32, cols: i32,
): void {
  binary<f64, Equal>(a, aRow, aCol, b, bRow, bCol, y, yRow, rows, cols);
}
export function notEqual_f32(
  a: usize, aRow: i32, aCol: i32, b: usize, bRow: i32, bCol: i32, y: usize, yRow: i32, rows: i32, cols: i32,
): void {
  binary<f32, NotEqual>(a, aRow, aCol, b, bRow, bCol, y, yRow, rows, cols);
}
export function notEqual_f64(
  a: usize, aRow: i32, aCol: i32, b: usize, bRow: i32, bCol: i32, y: usize, yRow: i32, rows: i32, cols: i32,
): void {
  binary<f64, NotEqual>(a, aRow, aCol, b, bRow, bCol, y, yRow, rows, cols);
}
export function less_f32(
  a: usize, aRow: i32, aCol: i32, b: usize, bRow: i32, bCol: i32, y: usize, yRow: i32, rows: i32, cols: i32,
): void {
  binary<f32, Less>(a, aRow, aCol, b, bRow, bCol, y, yRow, rows, cols);
}
export function less_f64(
  a: usize, aRow: i32, aCol: i32, b: usize, bRow: i32, bCol: i32, y: usize, yRow: i32, rows: i32, cols: i32,
): void {
  binary<f64, Less>(a, aRow, aCol, b, bRow, bCol, y, yRow, rows, cols);
}
export function lessEqual_f32(
  a: usize, aRow: i32, aCol: i32, b: usize, bRow: i32, bCol: i32, y: usize, yRow: i32, rows: i32, cols: i32,
): void {
  binary<f32, LessEqual>(a, aRow, aCol, b, bRow, bCol, y, yRow, rows, cols);
}
export function lessEqual_f64(
  a: usize, aRow: i32, aCol: i32, b: usize, bRow: i32, bCol: i32, y: usize, yRow: i32, rows: i32, cols: i32,
): void {
  binary<f64, LessEqual>(a, aRow, aCol, b, bRow, bCol, y, yRow, rows, cols);
}

/** `c ≠ 0 ? a : b`. A NaN is not 0. */
@inline
function select<T>(c: v128, a: v128, b: v128): v128 {
  return v128.bitselect(a, b, v128.ne<T>(c, v128.splat<T>(0)));
}

@inline
function where<T>(c: usize, a: usize, b: usize, y: usize, n: i32): void {
  for (; n >= lanes<T>(); n -= lanes<T>()) {
    v128.store(y, select<T>(v128.load(c), v128.load(a), v128.load(b)));
    c += 16;
    a += 16;
    b += 16;
    y += 16;
  }
  if (n > 0) storePart<T>(y, select<T>(loadPart<T>(c, n), loadPart<T>(a, n), loadPart<T>(b, n)), n);
}

export function where_f32(c: usize, a: usize, b: usize, y: usize, n: i32): void { where<f32>(c, a, b, y, n); }
export function where_f64(c: usize, a: usize, b: usize, y: usize, n: i32): void { where<f64>(c, a, b, y, n); }
