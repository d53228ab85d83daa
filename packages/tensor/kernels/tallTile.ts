import { multiplyAdd } from './lanes';
import { ZEROS } from './scratch';

/**
 * A tile of C six rows high and two vectors wide, for the fast module. Twelve accumulators, two
 * vectors of B and an element of A fill the fifteen registers available on x86-64. A separate
 * multiplication and addition would need one more, spill, and run at half the speed; see
 * `wideTile`. It is a call and not inlined: inside other loops, the compiler of Node 20 and 22
 * spills it too.
 */
export function tallTile<T>(
  a: usize, aRow: i32, aCol: i32, b: usize, bRow: i32, c: usize, cRow: i32,
  k: i32, resume: i32,
): void {
  const from = resume ? c : ZEROS;
  const step = resume ? cRow : 0;
  let c0 = v128.load(from), c1 = v128.load(from, 16);
  let d0 = v128.load(from + step), d1 = v128.load(from + step, 16);
  let e0 = v128.load(from + 2 * step), e1 = v128.load(from + 2 * step, 16);
  let f0 = v128.load(from + 3 * step), f1 = v128.load(from + 3 * step, 16);
  let g0 = v128.load(from + 4 * step), g1 = v128.load(from + 4 * step, 16);
  let h0 = v128.load(from + 5 * step), h1 = v128.load(from + 5 * step, 16);
  for (; k > 0; k--) {
    const b0 = v128.load(b), b1 = v128.load(b, 16);
    const p = v128.load_splat<T>(a);
    c0 = multiplyAdd<T>(c0, p, b0);
    c1 = multiplyAdd<T>(c1, p, b1);
    const q = v128.load_splat<T>(a + aRow);
    d0 = multiplyAdd<T>(d0, q, b0);
    d1 = multiplyAdd<T>(d1, q, b1);
    const r = v128.load_splat<T>(a + 2 * aRow);
    e0 = multiplyAdd<T>(e0, r, b0);
    e1 = multiplyAdd<T>(e1, r, b1);
    const s = v128.load_splat<T>(a + 3 * aRow);
    f0 = multiplyAdd<T>(f0, s, b0);
    f1 = multiplyAdd<T>(f1, s, b1);
    const t = v128.load_splat<T>(a + 4 * aRow);
    g0 = multiplyAdd<T>(g0, t, b0);
    g1 = multiplyAdd<T>(g1, t, b1);
    const u = v128.load_splat<T>(a + 5 * aRow);
    h0 = multiplyAdd<T>(h0, u, b0);
    h1 = multiplyAdd<T>(h1, u, b1);
    a += aCol;
    b += bRow;
  }
  v128.store(c, c1, 16);
  v128.store(c, c0);
  v128.store(c + cRow, d1, 16);
  v128.store(c + cRow, d0);
  v128.store(c + 2 * cRow, e1, 16);
  v128.store(c + 2 * cRow, e0);
  v128.store(c + 3 * cRow, f1, 16);
  v128.store(c + 3 * cRow, f0);
  v128.store(c + 4 * cRow, g1, 16);
  v128.store(c + 4 * cRow, g0);
  v128.store(c + 5 * cRow, h1, 16);
  v128.store(c + 5 * cRow, h0);
}
