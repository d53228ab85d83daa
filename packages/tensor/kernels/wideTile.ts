import { multiplyAdd } from './lanes';
import { ZEROS } from './scratch';

/**
 * The core of matmul: a small tile of C, in registers while k runs; two rows high and four or eight
 * vectors wide. `vectors` is constant at every call. Where multiplication and addition are two
 * instructions, engines keep eight accumulators in registers. With more they spill, and the speed
 * halves. Strides in bytes. With `resume`, sums continue from the values in C.
 */
@inline
export function wideTile<T>(
  vectors: i32,
  a: usize, aRow: i32, aCol: i32, b: usize, bRow: i32, c: usize, cRow: i32,
  k: i32, resume: i32,
): void {
  const zero = v128.splat<T>(0);
  const d = c + cRow;
  const from = resume ? c : ZEROS;
  const next = resume ? d : ZEROS;
  let x0 = v128.load(from), x1 = v128.load(from, 16);
  let x2 = v128.load(from, 32), x3 = v128.load(from, 48);
  let y0 = v128.load(next), y1 = v128.load(next, 16);
  let y2 = v128.load(next, 32), y3 = v128.load(next, 48);
  let x4 = zero, x5 = zero, x6 = zero, x7 = zero;
  let y4 = zero, y5 = zero, y6 = zero, y7 = zero;
  if (vectors == 8) {
    x4 = v128.load(from, 64);
    x5 = v128.load(from, 80);
    x6 = v128.load(from, 96);
    x7 = v128.load(from, 112);
    y4 = v128.load(next, 64);
    y5 = v128.load(next, 80);
    y6 = v128.load(next, 96);
    y7 = v128.load(next, 112);
  }
  for (; k > 0; k--) {
    const p = v128.load_splat<T>(a), q = v128.load_splat<T>(a + aRow);
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    const b2 = v128.load(b, 32);
    const b3 = v128.load(b, 48);
    x0 = multiplyAdd<T>(x0, p, b0);
    x1 = multiplyAdd<T>(x1, p, b1);
    x2 = multiplyAdd<T>(x2, p, b2);
    x3 = multiplyAdd<T>(x3, p, b3);
    y0 = multiplyAdd<T>(y0, q, b0);
    y1 = multiplyAdd<T>(y1, q, b1);
    y2 = multiplyAdd<T>(y2, q, b2);
    y3 = multiplyAdd<T>(y3, q, b3);
    if (vectors == 8) {
      const b4 = v128.load(b, 64);
      const b5 = v128.load(b, 80);
      const b6 = v128.load(b, 96);
      const b7 = v128.load(b, 112);
      x4 = multiplyAdd<T>(x4, p, b4);
      x5 = multiplyAdd<T>(x5, p, b5);
      x6 = multiplyAdd<T>(x6, p, b6);
      x7 = multiplyAdd<T>(x7, p, b7);
      y4 = multiplyAdd<T>(y4, q, b4);
      y5 = multiplyAdd<T>(y5, q, b5);
      y6 = multiplyAdd<T>(y6, q, b6);
      y7 = multiplyAdd<T>(y7, q, b7);
    }
    a += aCol;
    b += bRow;
  }
  if (vectors == 8) {
    v128.store(c, x7, 112);
    v128.store(c, x6, 96);
    v128.store(c, x5, 80);
    v128.store(c, x4, 64);
  }
  v128.store(c, x3, 48);
  v128.store(c, x2, 32);
  v128.store(c, x1, 16);
  v128.store(c, x0);
  if (vectors == 8) {
    v128.store(d, y7, 112);
    v128.store(d, y6, 96);
    v128.store(d, y5, 80);
    v128.store(d, y4, 64);
  }
  v128.store(d, y3, 48);
  v128.store(d, y2, 32);
  v128.store(d, y1, 16);
  v128.store(d, y0);
}
