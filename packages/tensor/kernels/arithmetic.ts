import { binary } from './binary';

class Add {
  @inline apply<T>(a: v128, b: v128): v128 { return v128.add<T>(a, b); }
}
class Sub {
  @inline apply<T>(a: v128, b: v128): v128 { return v128.sub<T>(a, b); }
}
class Mul {
  @inline apply<T>(a: v128, b: v128): v128 { return v128.mul<T>(a, b); }
}
class Div {
  @inline apply<T>(a: v128, b: v128): v128 { return v128.div<T>(a, b); }
}
/** WebAssembly's max and min: NaN if either is NaN, +0 above −0. */
class Maximum {
  @inline apply<T>(a: v128, b: v128): v128 { return v128.max<T>(a, b); }
}
class Minimum {
  @inline apply<T>(a: v128, b: v128): v128 { return v128.min<T>(a, b); }
}
class TanhGrad {
  @inline apply<T>(g: v128, a: v128): v128 {
    return v128.mul<T>(g, v128.sub<T>(v128.splat<T>(1), v128.mul<T>(a, a)));
  }
}
class SigmoidGrad {
  @inline apply<T>(g: v128, a: v128): v128 {
    return v128.mul<T>(g, v128.mul<T>(a, v128.sub<T>(v128.splat<T>(1), a)));
  }
}

export function add_f32(
  a: usize, aRow: i32, aCol: i32, b: usize, bRow: i32, bCol: i32, y: usize, yRow: i32, rows: i32, cols: i32,
): void {
  binary<f32, Add>(a, aRow, aCol, b, bRow, bCol, y, yRow, rows, cols);
}
export function add_f64(
  a: usize, aRow: i32, aCol: i32, b: usize, bRow: i32, bCol: i32, y: usize, yRow: i32, rows: i32, cols: i32,
): void {
  binary<f64, Add>(a, aRow, aCol, b, bRow, bCol, y, yRow, rows, cols);
}
export function sub_f32(
  a: usize, aRow: i32, aCol: i32, b: usize, bRow: i32, bCol: i32, y: usize, yRow: i32, rows: i32, cols: i32,
): void {
  binary<f32, Sub>(a, aRow, aCol, b, bRow, bCol, y, yRow, rows, cols);
}
export function sub_f64(
  a: usize, aRow: i32, aCol: i32, b: usize, bRow: i32, bCol: i32, y: usize, yRow: i32, rows: i32, cols: i32,
): void {
  binary<f64, Sub>(a, aRow, aCol, b, bRow, bCol, y, yRow, rows, cols);
}
export function mul_f32(
  a: usize, aRow: i32, aCol: i32, b: usize, bRow: i32, bCol: i32, y: usize, yRow: i32, rows: i32, cols: i32,
): void {
  binary<f32, Mul>(a, aRow, aCol, b, bRow, bCol, y, yRow, rows, cols);
}
export function mul_f64(
  a: usize, aRow: i32, aCol: i32, b: usize, bRow: i32, bCol: i32, y: usize, yRow: i32, rows: i32, cols: i32,
): void {
  binary<f64, Mul>(a, aRow, aCol, b, bRow, bCol, y, yRow, rows, cols);
}
export function div_f32(
  a: usize, aRow: i32, aCol: i32, b: usize, bRow: i32, bCol: i32, y: usize, yRow: i32, rows: i32, cols: i32,
): void {
  binary<f32, Div>(a, aRow, aCol, b, bRow, bCol, y, yRow, rows, cols);
}
export function div_f64(
  a: usize, aRow: i32, aCol: i32, b: usize, bRow: i32, bCol: i32, y: usize, yRow: i32, rows: i32, cols: i32,
): void {
  binary<f64, Div>(a, aRow, aCol, b, bRow, bCol, y, yRow, rows, cols);
}
export function maximum_f32(
  a: usize, aRow: i32, aCol: i32, b: usize, bRow: i32, bCol: i32, y: usize, yRow: i32, rows: i32, cols: i32,
): void {
  binary<f32, Maximum>(a, aRow, aCol, b, bRow, bCol, y, yRow, rows, cols);
}
export function maximum_f64(
  a: usize, aRow: i32, aCol: i32, b: usize, bRow: i32, bCol: i32, y: usize, yRow: i32, rows: i32, cols: i32,
): void {
  binary<f64, Maximum>(a, aRow, aCol, b, bRow, bCol, y, yRow, rows, cols);
}
export function minimum_f32(
  a: usize, aRow: i32, aCol: i32, b: usize, bRow: i32, bCol: i32, y: usize, yRow: i32, rows: i32, cols: i32,
): void {
  binary<f32, Minimum>(a, aRow, aCol, b, bRow, bCol, y, yRow, rows, cols);
}
export function minimum_f64(
  a: usize, aRow: i32, aCol: i32, b: usize, bRow: i32, bCol: i32, y: usize, yRow: i32, rows: i32, cols: i32,
): void {
  binary<f64, Minimum>(a, aRow, aCol, b, bRow, bCol, y, yRow, rows, cols);
}
export function tanhGrad_f32(
  a: usize, aRow: i32, aCol: i32, b: usize, bRow: i32, bCol: i32, y: usize, yRow: i32, rows: i32, cols: i32,
): void {
  binary<f32, TanhGrad>(a, aRow, aCol, b, bRow, bCol, y, yRow, rows, cols);
}
export function tanhGrad_f64(
  a: usize, aRow: i32, aCol: i32, b: usize, bRow: i32, bCol: i32, y: usize, yRow: i32, rows: i32, cols: i32,
): void {
  binary<f64, TanhGrad>(a, aRow, aCol, b, bRow, bCol, y, yRow, rows, cols);
}
export function sigmoidGrad_f32(
  a: usize, aRow: i32, aCol: i32, b: usize, bRow: i32, bCol: i32, y: usize, yRow: i32, rows: i32, cols: i32,
): void {
  binary<f32, SigmoidGrad>(a, aRow, aCol, b, bRow, bCol, y, yRow, rows, cols);
}
export function sigmoidGrad_f64(
  a: usize, aRow: i32, aCol: i32, b: usize, bRow: i32, bCol: i32, y: usize, yRow: i32, rows: i32, cols: i32,
): void {
  binary<f64, SigmoidGrad>(a, aRow, aCol, b, bRow, bCol, y, yRow, rows, cols);
}
