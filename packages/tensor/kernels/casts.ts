import { copyRow } from './copyRow';

/**
 * One element after the other: the conversion takes most of the time. A float becomes an int32 by
 * WebAssembly's saturating truncation: towards zero, NaN gives 0, out of range gives the nearest
 * limit.
 */
@inline
function cast<From, To>(x: usize, y: usize, n: i32): void {
  for (; n > 0; n--) {
    store<To>(y, <To>load<From>(x));
    x += sizeof<From>();
    y += sizeof<To>();
  }
}

export function toFloat32_f32(x: usize, y: usize, n: i32): void { copyRow(x, y, n); }
export function toFloat32_f64(x: usize, y: usize, n: i32): void { cast<f64, f32>(x, y, n); }
export function toFloat64_f32(x: usize, y: usize, n: i32): void { cast<f32, f64>(x, y, n); }
export function toFloat64_f64(x: usize, y: usize, n: i32): void { copyRow(x, y, n << 1); }
export function toInt32_f32(x: usize, y: usize, n: i32): void { cast<f32, i32>(x, y, n); }
export function toInt32_f64(x: usize, y: usize, n: i32): void { cast<f64, i32>(x, y, n); }
