import { multiplyAdd } from './lanes';

/**
 * One row of C, eight or four vectors wide, for the product of a vector with a matrix. `vectors` is
 * constant at every call. Strides in bytes. With `resume`, sums continue from the values in C. The
 * two forms are calls for the same reason as `tallTile`.
 */
@inline
function rowTile<T>(
  vectors: i32,
  a: usize, aCol: i32, b: usize, bRow: i32, c: usize,
  k: i32, resume: i32,
): void {
  const zero = v128.splat<T>(0);
  let x0 = zero, x1 = zero, x2 = zero, x3 = zero;
  let x4 = zero, x5 = zero, x6 = zero, x7 = zero;
  if (resume) {
    x0 = v128.load(c);
    x1 = v128.load(c, 16);
    x2 = v128.load(c, 32);
    x3 = v128.load(c, 48);
    if (vectors == 8) {
      x4 = v128.load(c, 64);
      x5 = v128.load(c, 80);
      x6 = v128.load(c, 96);
      x7 = v128.load(c, 112);
    }
  }
  for (; k > 0; k--) {
    const p = v128.load_splat<T>(a);
    x0 = multiplyAdd<T>(x0, p, v128.load(b));
    x1 = multiplyAdd<T>(x1, p, v128.load(b, 16));
    x2 = multiplyAdd<T>(x2, p, v128.load(b, 32));
    x3 = multiplyAdd<T>(x3, p, v128.load(b, 48));
    if (vectors == 8) {
      x4 = multiplyAdd<T>(x4, p, v128.load(b, 64));
      x5 = multiplyAdd<T>(x5, p, v128.load(b, 80));
      x6 = multiplyAdd<T>(x6, p, v128.load(b, 96));
      x7 = multiplyAdd<T>(x7, p, v128.load(b, 112));
    }
    a += aCol;
    b += bRow;
  }
  v128.store(c, x0);
  v128.store(c, x1, 16);
  v128.store(c, x2, 32);
  v128.store(c, x3, 48);
  if (vectors == 8) {
    v128.store(c, x4, 64);
    v128.store(c, x5, 80);
    v128.store(c, x6, 96);
    v128.store(c, x7, 112);
  }
}

export function eightVectors<T>(a: usize, aCol: i32, b: usize, bRow: i32, c: usize, k: i32, resume: i32): void {
  rowTile<T>(8, a, aCol, b, bRow, c, k, resume);
}
export function fourVectors<T>(a: usize, aCol: i32, b: usize, bRow: i32, c: usize, k: i32, resume: i32): void {
  rowTile<T>(4, a, aCol, b, bRow, c, k, resume);
}
