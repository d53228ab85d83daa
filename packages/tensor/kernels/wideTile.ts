import { multiplyAdd } from './lanes';

/**
 * The heart of matmul: a small tile of C, held in registers while k runs. `rows` × `vectors` is 2 × 4, 1 × 6
 * or 1 × 4: at most eight accumulators, which is what engines keep in registers (with more they spill, and
 * the speed halves). Both are constants at every call, so that the compiler drops what a tile does not use.
 * Strides in bytes. With `resume` the sums go on from what stands in C.
 */
@inline
export function wideTile<T>(
  rows: i32, vectors: i32,
  a: usize, aRow: i32, aCol: i32, b: usize, bRow: i32, c: usize, cRow: i32,
  k: i32, resume: i32,
): void {
  const zero = v128.splat<T>(0);
  const d = c + cRow;
  let x0 = zero, x1 = zero, x2 = zero, x3 = zero, x4 = zero, x5 = zero;
  let y0 = zero, y1 = zero, y2 = zero, y3 = zero;
  if (resume) {
    x0 = v128.load(c);
    x1 = v128.load(c, 16);
    x2 = v128.load(c, 32);
    x3 = v128.load(c, 48);
    if (vectors == 6) {
      x4 = v128.load(c, 64);
      x5 = v128.load(c, 80);
    }
    if (rows == 2) {
      y0 = v128.load(d);
      y1 = v128.load(d, 16);
      y2 = v128.load(d, 32);
      y3 = v128.load(d, 48);
    }
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
    if (vectors == 6) {
      x4 = multiplyAdd<T>(x4, p, v128.load(b, 64));
      x5 = multiplyAdd<T>(x5, p, v128.load(b, 80));
    }
    if (rows == 2) {
      const q = v128.load_splat<T>(a + aRow);
      y0 = multiplyAdd<T>(y0, q, b0);
      y1 = multiplyAdd<T>(y1, q, b1);
      y2 = multiplyAdd<T>(y2, q, b2);
      y3 = multiplyAdd<T>(y3, q, b3);
    }
    a += aCol;
    b += bRow;
  }
  v128.store(c, x0);
  v128.store(c, x1, 16);
  v128.store(c, x2, 32);
  v128.store(c, x3, 48);
  if (vectors == 6) {
    v128.store(c, x4, 64);
    v128.store(c, x5, 80);
  }
  if (rows == 2) {
    v128.store(d, y0);
    v128.store(d, y1, 16);
    v128.store(d, y2, 32);
    v128.store(d, y3, 48);
  }
}
