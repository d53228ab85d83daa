import { multiplyAdd } from './lanes';
import { ZEROS } from './scratch';

/**
 * One row of C, sixteen, eight or four vectors wide, for the product of a vector with a matrix.
 * `vectors` is constant at every call. Strides in bytes. With `resume`, sums continue from the
 * values in C. The forms are calls for the same reason as `tallTile`.
 */
@inline
function rowTile<T>(
  vectors: i32,
  a: usize, aCol: i32, b: usize, bRow: i32, c: usize,
  k: i32, resume: i32,
): void {
  const zero = v128.splat<T>(0);
  const from = resume ? c : ZEROS;
  let x0 = v128.load(from), x1 = v128.load(from, 16);
  let x2 = v128.load(from, 32), x3 = v128.load(from, 48);
  let x4 = zero, x5 = zero, x6 = zero, x7 = zero;
  let x8 = zero, x9 = zero, x10 = zero, x11 = zero;
  let x12 = zero, x13 = zero, x14 = zero, x15 = zero;
  if (vectors >= 8) {
    x4 = v128.load(from, 64);
    x5 = v128.load(from, 80);
    x6 = v128.load(from, 96);
    x7 = v128.load(from, 112);
  }
  if (vectors >= 16) {
    x8 = v128.load(from, 128);
    x9 = v128.load(from, 144);
    x10 = v128.load(from, 160);
    x11 = v128.load(from, 176);
    x12 = v128.load(from, 192);
    x13 = v128.load(from, 208);
    x14 = v128.load(from, 224);
    x15 = v128.load(from, 240);
  }
  for (; k > 0; k--) {
    const p = v128.load_splat<T>(a);
    x0 = multiplyAdd<T>(x0, p, v128.load(b));
    x1 = multiplyAdd<T>(x1, p, v128.load(b, 16));
    x2 = multiplyAdd<T>(x2, p, v128.load(b, 32));
    x3 = multiplyAdd<T>(x3, p, v128.load(b, 48));
    if (vectors >= 8) {
      x4 = multiplyAdd<T>(x4, p, v128.load(b, 64));
      x5 = multiplyAdd<T>(x5, p, v128.load(b, 80));
      x6 = multiplyAdd<T>(x6, p, v128.load(b, 96));
      x7 = multiplyAdd<T>(x7, p, v128.load(b, 112));
    }
    if (vectors >= 16) {
      x8 = multiplyAdd<T>(x8, p, v128.load(b, 128));
      x9 = multiplyAdd<T>(x9, p, v128.load(b, 144));
      x10 = multiplyAdd<T>(x10, p, v128.load(b, 160));
      x11 = multiplyAdd<T>(x11, p, v128.load(b, 176));
      x12 = multiplyAdd<T>(x12, p, v128.load(b, 192));
      x13 = multiplyAdd<T>(x13, p, v128.load(b, 208));
      x14 = multiplyAdd<T>(x14, p, v128.load(b, 224));
      x15 = multiplyAdd<T>(x15, p, v128.load(b, 240));
    }
    a += aCol;
    b += bRow;
  }
  if (vectors >= 16) {
    v128.store(c, x15, 240);
    v128.store(c, x14, 224);
    v128.store(c, x13, 208);
    v128.store(c, x12, 192);
    v128.store(c, x11, 176);
    v128.store(c, x10, 160);
    v128.store(c, x9, 144);
    v128.store(c, x8, 128);
  }
  if (vectors >= 8) {
    v128.store(c, x7, 112);
    v128.store(c, x6, 96);
    v128.store(c, x5, 80);
    v128.store(c, x4, 64);
  }
  v128.store(c, x3, 48);
  v128.store(c, x2, 32);
  v128.store(c, x1, 16);
  v128.store(c, x0);
}

export function sixteenVectors<T>(a: usize, aCol: i32, b: usize, bRow: i32, c: usize, k: i32, resume: i32): void {
  rowTile<T>(16, a, aCol, b, bRow, c, k, resume);
}
export function eightVectors<T>(a: usize, aCol: i32, b: usize, bRow: i32, c: usize, k: i32, resume: i32): void {
  rowTile<T>(8, a, aCol, b, bRow, c, k, resume);
}
export function fourVectors<T>(a: usize, aCol: i32, b: usize, bRow: i32, c: usize, k: i32, resume: i32): void {
  rowTile<T>(4, a, aCol, b, bRow, c, k, resume);
}
