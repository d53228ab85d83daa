import { lanes, loadTail, multiplyAdd, storePart } from './lanes';

/**
 * The columns left over by wide tiles, one or two vectors wide. Four rows at a time (or one) keep
 * enough sums in flight. `rows` and `vectors` are constants at every call. `count` is 0, or the
 * number of existing columns in a tile one vector wide.
 */
@inline
function narrowTile<T>(
  rows: i32, vectors: i32, count: i32,
  a: usize, aRow: i32, aCol: i32, b: usize, bRow: i32, c: usize, cRow: i32,
  k: i32, resume: i32,
): void {
  const zero = v128.splat<T>(0);
  const d = c + cRow, e = d + cRow, f = e + cRow;
  let x0 = zero, y0 = zero, z0 = zero, w0 = zero;
  let x1 = zero, y1 = zero, z1 = zero, w1 = zero;
  if (resume) {
    x0 = loadColumns<T>(c, count);
    if (vectors == 2) x1 = v128.load(c, 16);
    if (rows == 4) {
      y0 = loadColumns<T>(d, count);
      z0 = loadColumns<T>(e, count);
      w0 = loadColumns<T>(f, count);
      if (vectors == 2) {
        y1 = v128.load(d, 16);
        z1 = v128.load(e, 16);
        w1 = v128.load(f, 16);
      }
    }
  }
  for (; k > 0; k--) {
    const b0 = loadColumns<T>(b, count);
    const b1 = vectors == 2 ? v128.load(b, 16) : zero;
    const p = v128.load_splat<T>(a);
    x0 = multiplyAdd<T>(x0, p, b0);
    if (vectors == 2) x1 = multiplyAdd<T>(x1, p, b1);
    if (rows == 4) {
      const q = v128.load_splat<T>(a + aRow);
      y0 = multiplyAdd<T>(y0, q, b0);
      if (vectors == 2) y1 = multiplyAdd<T>(y1, q, b1);
      const r = v128.load_splat<T>(a + 2 * aRow);
      z0 = multiplyAdd<T>(z0, r, b0);
      if (vectors == 2) z1 = multiplyAdd<T>(z1, r, b1);
      const s = v128.load_splat<T>(a + 3 * aRow);
      w0 = multiplyAdd<T>(w0, s, b0);
      if (vectors == 2) w1 = multiplyAdd<T>(w1, s, b1);
    }
    a += aCol;
    b += bRow;
  }
  storeColumns<T>(c, x0, count);
  if (vectors == 2) v128.store(c, x1, 16);
  if (rows == 4) {
    storeColumns<T>(d, y0, count);
    storeColumns<T>(e, z0, count);
    storeColumns<T>(f, w0, count);
    if (vectors == 2) {
      v128.store(d, y1, 16);
      v128.store(e, z1, 16);
      v128.store(f, w1, 16);
    }
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

/** The last columns of four rows of C, or of one: fewer than four vectors. */
@inline
export function narrow<T>(
  rows: i32,
  a: usize, aRow: i32, aCol: i32, b: usize, bRow: i32, c: usize, cRow: i32,
  n: i32, k: i32, resume: i32,
): void {
  if (n >= 2 * lanes<T>()) {
    narrowTile<T>(rows, 2, 0, a, aRow, aCol, b, bRow, c, cRow, k, resume);
    b += 32;
    c += 32;
    n -= 2 * lanes<T>();
  }
  if (n >= lanes<T>()) {
    narrowTile<T>(rows, 1, 0, a, aRow, aCol, b, bRow, c, cRow, k, resume);
    b += 16;
    c += 16;
    n -= lanes<T>();
  }
  if (n > 0) narrowTile<T>(rows, 1, n, a, aRow, aCol, b, bRow, c, cRow, k, resume);
}
