import { loadTail, multiplyAdd, storePart } from './lanes';

/**
 * The heart of matmul: a small tile of C, held in registers while k runs. `rows` × `vectors` is 2 × (1, 2, 4) or 1 × (1, 2, 4, 8): at
 * most eight accumulators, which is what engines keep in registers (with more they spill, and the speed halves). Both are constants at every
 * call, so the compiler drops what a tile does not use. Strides in bytes. With `resume` the sums go on from what stands in C.
 * `count` is 0, or, for a tile one vector wide, how many columns of it exist.
 */
@inline
export function tile<T>(
  rows: i32, vectors: i32, count: i32,
  a: usize, aRow: i32, aCol: i32, b: usize, bRow: i32, c: usize, cRow: i32,
  k: i32, resume: i32,
): void {
  const zero = v128.splat<T>(0);
  let x0 = zero, x1 = zero, x2 = zero, x3 = zero, x4 = zero, x5 = zero, x6 = zero, x7 = zero;
  let y0 = zero, y1 = zero, y2 = zero, y3 = zero;
  if (resume) {
    x0 = loadColumns<T>(c, count);
    if (vectors > 1) x1 = v128.load(c, 16);
    if (vectors > 2) { x2 = v128.load(c, 32); x3 = v128.load(c, 48); }
    if (vectors > 4) { x4 = v128.load(c, 64); x5 = v128.load(c, 80); x6 = v128.load(c, 96); x7 = v128.load(c, 112); }
    if (rows > 1) {
      const d = c + cRow;
      y0 = loadColumns<T>(d, count);
      if (vectors > 1) y1 = v128.load(d, 16);
      if (vectors > 2) { y2 = v128.load(d, 32); y3 = v128.load(d, 48); }
    }
  }
  for (; k > 0; k--) {
    const p = v128.load_splat<T>(a);
    const q = rows > 1 ? v128.load_splat<T>(a + aRow) : zero;
    const b0 = loadColumns<T>(b, count);
    x0 = multiplyAdd<T>(x0, p, b0);
    if (rows > 1) y0 = multiplyAdd<T>(y0, q, b0);
    if (vectors > 1) {
      const b1 = v128.load(b, 16);
      x1 = multiplyAdd<T>(x1, p, b1);
      if (rows > 1) y1 = multiplyAdd<T>(y1, q, b1);
    }
    if (vectors > 2) {
      const b2 = v128.load(b, 32);
      const b3 = v128.load(b, 48);
      x2 = multiplyAdd<T>(x2, p, b2);
      if (rows > 1) y2 = multiplyAdd<T>(y2, q, b2);
      x3 = multiplyAdd<T>(x3, p, b3);
      if (rows > 1) y3 = multiplyAdd<T>(y3, q, b3);
    }
    if (vectors > 4) {
      x4 = multiplyAdd<T>(x4, p, v128.load(b, 64));
      x5 = multiplyAdd<T>(x5, p, v128.load(b, 80));
      x6 = multiplyAdd<T>(x6, p, v128.load(b, 96));
      x7 = multiplyAdd<T>(x7, p, v128.load(b, 112));
    }
    a += aCol;
    b += bRow;
  }
  storeColumns<T>(c, x0, count);
  if (vectors > 1) v128.store(c, x1, 16);
  if (vectors > 2) { v128.store(c, x2, 32); v128.store(c, x3, 48); }
  if (vectors > 4) { v128.store(c, x4, 64); v128.store(c, x5, 80); v128.store(c, x6, 96); v128.store(c, x7, 112); }
  if (rows > 1) {
    const d = c + cRow;
    storeColumns<T>(d, y0, count);
    if (vectors > 1) v128.store(d, y1, 16);
    if (vectors > 2) { v128.store(d, y2, 32); v128.store(d, y3, 48); }
  }
}

@inline
function loadColumns<T>(p: usize, count: i32): v128 {
  return count == 0 ? v128.load(p) : loadTail<T>(p, count);
}

@inline
function storeColumns<T>(p: usize, v: v128, count: i32): void {
  if (count == 0) v128.store(p, v);
  else storePart<T>(p, v, count);
}
