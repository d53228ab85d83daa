import { exp32, sigmoid32, tanh32 } from './exp32';
import { exp64, expm1_64, sigmoid64, tanh64 } from './exp64';
import { bytes, op } from './lanes';
import { log32 } from './log32';
import { log1p64, log64 } from './log64';
import { pow64 } from './pow64';
import { unaryPairs } from './unary';

class Exp32 {
  @inline apply(x: v128, _: v128): v128 { return exp32(x); }
}
class Log32 {
  @inline apply(x: v128, _: v128): v128 { return log32(x); }
}
class Tanh32 {
  @inline apply(x: v128, _: v128): v128 { return tanh32(x); }
}
class Sigmoid32 {
  @inline apply(x: v128, _: v128): v128 { return sigmoid32(x); }
}

export function exp_f32(x: usize, y: usize, n: i32): void { unaryPairs<Exp32>(x, y, n, f32x4.splat(0)); }
export function log_f32(x: usize, y: usize, n: i32): void { unaryPairs<Log32>(x, y, n, f32x4.splat(0)); }
export function tanh_f32(x: usize, y: usize, n: i32): void { unaryPairs<Tanh32>(x, y, n, f32x4.splat(0)); }
export function sigmoid_f32(x: usize, y: usize, n: i32): void { unaryPairs<Sigmoid32>(x, y, n, f32x4.splat(0)); }

/** `y[i] = Op(x[i])`, one element after the other in float64, rounded once if T is float32. */
@inline
function scalar<T, Op>(x: usize, y: usize, n: i32): void {
  for (; n > 0; n--) {
    store<T>(y, <T>op<Op>().apply(<f64>load<T>(x)));
    x += sizeof<T>();
    y += sizeof<T>();
  }
}

class Exp64 {
  @inline apply(x: f64): f64 { return exp64(x); }
}
class Expm1 {
  @inline apply(x: f64): f64 { return expm1_64(x); }
}
class Log64 {
  @inline apply(x: f64): f64 { return log64(x); }
}
class Log1p {
  @inline apply(x: f64): f64 { return log1p64(x); }
}
class Tanh64 {
  @inline apply(x: f64): f64 { return tanh64(x); }
}
class Sigmoid64 {
  @inline apply(x: f64): f64 { return sigmoid64(x); }
}

export function exp_f64(x: usize, y: usize, n: i32): void { scalar<f64, Exp64>(x, y, n); }
export function expm1_f32(x: usize, y: usize, n: i32): void { scalar<f32, Expm1>(x, y, n); }
export function expm1_f64(x: usize, y: usize, n: i32): void { scalar<f64, Expm1>(x, y, n); }
export function log_f64(x: usize, y: usize, n: i32): void { scalar<f64, Log64>(x, y, n); }
export function log1p_f32(x: usize, y: usize, n: i32): void { scalar<f32, Log1p>(x, y, n); }
export function log1p_f64(x: usize, y: usize, n: i32): void { scalar<f64, Log1p>(x, y, n); }
export function tanh_f64(x: usize, y: usize, n: i32): void { scalar<f64, Tanh64>(x, y, n); }
export function sigmoid_f64(x: usize, y: usize, n: i32): void { scalar<f64, Sigmoid64>(x, y, n); }

@inline
function pow<T>(
  a: usize, aRow: i32, aCol: i32, b: usize, bRow: i32, bCol: i32, y: usize, yRow: i32, rows: i32, cols: i32,
): void {
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < cols; c++) {
      const base = load<T>(a + bytes<T>(r * aRow + c * aCol));
      const power = load<T>(b + bytes<T>(r * bRow + c * bCol));
      store<T>(y + bytes<T>(r * yRow + c), <T>pow64(<f64>base, <f64>power));
    }
  }
}

export function pow_f32(
  a: usize, aRow: i32, aCol: i32, b: usize, bRow: i32, bCol: i32, y: usize, yRow: i32, rows: i32, cols: i32,
): void {
  pow<f32>(a, aRow, aCol, b, bRow, bCol, y, yRow, rows, cols);
}
export function pow_f64(
  a: usize, aRow: i32, aCol: i32, b: usize, bRow: i32, bCol: i32, y: usize, yRow: i32, rows: i32, cols: i32,
): void {
  pow<f64>(a, aRow, aCol, b, bRow, bCol, y, yRow, rows, cols);
}
