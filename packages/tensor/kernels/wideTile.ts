import { multiplyAdd } from './lanes';

/**
 * The core of matmul: a small tile of C, in registers while k runs; two rows high and four vectors
 * wide. Where multiplication and addition are two instructions, engines keep eight accumulators in
 * registers. With more they spill, and the speed halves. Strides in bytes. With `resume`, sums
 * continue from the values in C.
 */
@inline
export function wideTile<T>(
  a: usize, aRow: i32, aCol: i32, b: usize, bRow: i32, c: usize, cRow: i32,
  k: i32, resume: i32,
): void {
  const zero = v128.splat<T>(0);
  const d = c + cRow;
  let x0 = zero, x1 = zero, x2 = zero, x3 = zero;
  let y0 = zero, y1 = zero, y2 = zero, y3 = zero;
  if (resume) {
    x0 = v128.load(c);
    x1 = v128.load(c, 16);
    x2 = v128.load(c, 32);
    x3 = v128.load(c, 48);
    y0 = v128.load(d);
    y1 = v128.load(d, 16);
    y2 = v128.load(d, 32);
    y3 = v128.load(d, 48);
  }
  for (; k > 0; k--) {
    const p = v128.load_splat<T>(a);
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    const b2 = v128.load(b, 32);
    const b3 = v128.load(b, 48);
    x0 = multiplyAdd<T>(x0, p, b0);
    x1 = multiplyAdd<T>(x1, p, b1);
    x2 = multiplyAdd<T>(x2, p, b2);
    x3 = multiplyAdd<T>(x3, p, b3);
    const q = v128.load_splat<T>(a + aRow);
    y0 = multiplyAdd<T>(y0, q, b0);
    y1 = multiplyAdd<T>(y1, q, b1);
    y2 = multiplyAdd<T>(y2, q, b2);
    y3 = multiplyAdd<T>(y3, q, b3);
    a += aCol;
    b += bRow;
  }
  v128.store(c, x0);
  v128.store(c, x1, 16);
  v128.store(c, x2, 32);
  v128.store(c, x3, 48);
  v128.store(d, y0);
  v128.store(d, y1, 16);
  v128.store(d, y2, 32);
  v128.store(d, y3, 48);
}
