import { lanes, loadPart, storePart } from './lanes';

/** The next moving average: β·a + (1 − β)·x. */
@inline
function moved<T>(average: v128, x: v128, beta: v128, rest: v128): v128 {
  return v128.add<T>(v128.mul<T>(beta, average), v128.mul<T>(rest, x));
}

@inline
function adam<T>(
  p: usize, g: usize, m: usize, v: usize, n: i32,
  lr: T, beta1: T, rest1: T, beta2: T, rest2: T, root: T, eps: T,
): void {
  const rate = v128.splat<T>(lr);
  const b1 = v128.splat<T>(beta1), r1 = v128.splat<T>(rest1);
  const b2 = v128.splat<T>(beta2), r2 = v128.splat<T>(rest2);
  const divisor = v128.splat<T>(root), epsilon = v128.splat<T>(eps);
  for (; n > 0; n -= lanes<T>()) {
    const whole = n >= lanes<T>();
    const gradient = whole ? v128.load(g) : loadPart<T>(g, n);
    const mean = moved<T>(whole ? v128.load(m) : loadPart<T>(m, n), gradient, b1, r1);
    const square = moved<T>(
      whole ? v128.load(v) : loadPart<T>(v, n), v128.mul<T>(gradient, gradient), b2, r2,
    );
    const d = v128.add<T>(v128.div<T>(v128.sqrt<T>(square), divisor), epsilon);
    const step = v128.mul<T>(rate, v128.div<T>(mean, d));
    const next = v128.sub<T>(whole ? v128.load(p) : loadPart<T>(p, n), step);
    if (whole) {
      v128.store(m, mean);
      v128.store(v, square);
      v128.store(p, next);
    } else {
      storePart<T>(m, mean, n);
      storePart<T>(v, square, n);
      storePart<T>(p, next, n);
    }
    p += 16;
    g += 16;
    m += 16;
    v += 16;
  }
}

export function adam_f32(
  p: usize, g: usize, m: usize, v: usize, n: i32,
  lr: f32, beta1: f32, rest1: f32, beta2: f32, rest2: f32, root: f32, eps: f32,
): void {
  adam<f32>(p, g, m, v, n, lr, beta1, rest1, beta2, rest2, root, eps);
}
export function adam_f64(
  p: usize, g: usize, m: usize, v: usize, n: i32,
  lr: f64, beta1: f64, rest1: f64, beta2: f64, rest2: f64, root: f64, eps: f64,
): void {
  adam<f64>(p, g, m, v, n, lr, beta1, rest1, beta2, rest2, root, eps);
}
