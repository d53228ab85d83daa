import { unary } from './unary';

class Neg {
  @inline apply<T>(x: v128): v128 { return v128.neg<T>(x); }
}
class Abs {
  @inline apply<T>(x: v128): v128 { return v128.abs<T>(x); }
}
class Sqrt {
  @inline apply<T>(x: v128): v128 { return v128.sqrt<T>(x); }
}
class Sign {
  /** ±1 with the sign of x if x is above or below 0; otherwise x, which is ±0 or NaN. */
  @inline apply<T>(x: v128): v128 {
    const zero = v128.splat<T>(0);
    const one = v128.bitselect(x, v128.splat<T>(1), v128.splat<T>(-0.0));
    return v128.bitselect(one, x, v128.or(v128.gt<T>(x, zero), v128.lt<T>(x, zero)));
  }
}
class Relu {
  /** Clears every x ≤ 0 (so −0 gives +0). A NaN is not ≤ 0 and is kept. */
  @inline apply<T>(x: v128): v128 { return v128.andnot(x, v128.le<T>(x, v128.splat<T>(0))); }
}

export function neg_f32(x: usize, y: usize, n: i32): void { unary<f32, Neg>(x, y, n); }
export function neg_f64(x: usize, y: usize, n: i32): void { unary<f64, Neg>(x, y, n); }
export function abs_f32(x: usize, y: usize, n: i32): void { unary<f32, Abs>(x, y, n); }
export function abs_f64(x: usize, y: usize, n: i32): void { unary<f64, Abs>(x, y, n); }
export function sqrt_f32(x: usize, y: usize, n: i32): void { unary<f32, Sqrt>(x, y, n); }
export function sqrt_f64(x: usize, y: usize, n: i32): void { unary<f64, Sqrt>(x, y, n); }
export function sign_f32(x: usize, y: usize, n: i32): void { unary<f32, Sign>(x, y, n); }
export function sign_f64(x: usize, y: usize, n: i32): void { unary<f64, Sign>(x, y, n); }
export function relu_f32(x: usize, y: usize, n: i32): void { unary<f32, Relu>(x, y, n); }
export function relu_f64(x: usize, y: usize, n: i32): void { unary<f64, Relu>(x, y, n); }
