import { multiplyAdd } from './lanes';
import { ZEROS } from './scratch';

/**
 * A tile of C six rows high and four vectors wide, for the wide module. Its 24 accumulators are
 * twelve of 256 bits after packing, which together with two vectors of B and an element of A fill
 * the registers.
 */
export function largeTile<T>(
  a: usize, aRow: i32, aCol: i32, b: usize, bRow: i32, c: usize, cRow: i32,
  k: i32, resume: i32,
): void {
  const from = resume ? c : ZEROS;
  const step = resume ? cRow : 0;
  let c0 = v128.load(from), c1 = v128.load(from, 16),
    c2 = v128.load(from, 32), c3 = v128.load(from, 48);
  let d0 = v128.load(from + step), d1 = v128.load(from + step, 16),
    d2 = v128.load(from + step, 32), d3 = v128.load(from + step, 48);
  let e0 = v128.load(from + 2 * step), e1 = v128.load(from + 2 * step, 16),
    e2 = v128.load(from + 2 * step, 32), e3 = v128.load(from + 2 * step, 48);
  let f0 = v128.load(from + 3 * step), f1 = v128.load(from + 3 * step, 16),
    f2 = v128.load(from + 3 * step, 32), f3 = v128.load(from + 3 * step, 48);
  let g0 = v128.load(from + 4 * step), g1 = v128.load(from + 4 * step, 16),
    g2 = v128.load(from + 4 * step, 32), g3 = v128.load(from + 4 * step, 48);
  let h0 = v128.load(from + 5 * step), h1 = v128.load(from + 5 * step, 16),
    h2 = v128.load(from + 5 * step, 32), h3 = v128.load(from + 5 * step, 48);
  for (; k > 0; k--) {
    const b0 = v128.load(b), b1 = v128.load(b, 16), b2 = v128.load(b, 32), b3 = v128.load(b, 48);
    const p = v128.load_splat<T>(a);
    c0 = multiplyAdd<T>(c0, p, b0);
    c1 = multiplyAdd<T>(c1, p, b1);
    c2 = multiplyAdd<T>(c2, p, b2);
    c3 = multiplyAdd<T>(c3, p, b3);
    const q = v128.load_splat<T>(a + aRow);
    d0 = multiplyAdd<T>(d0, q, b0);
    d1 = multiplyAdd<T>(d1, q, b1);
    d2 = multiplyAdd<T>(d2, q, b2);
    d3 = multiplyAdd<T>(d3, q, b3);
    const r = v128.load_splat<T>(a + 2 * aRow);
    e0 = multiplyAdd<T>(e0, r, b0);
    e1 = multiplyAdd<T>(e1, r, b1);
    e2 = multiplyAdd<T>(e2, r, b2);
    e3 = multiplyAdd<T>(e3, r, b3);
    const s = v128.load_splat<T>(a + 3 * aRow);
    f0 = multiplyAdd<T>(f0, s, b0);
    f1 = multiplyAdd<T>(f1, s, b1);
    f2 = multiplyAdd<T>(f2, s, b2);
    f3 = multiplyAdd<T>(f3, s, b3);
    const t = v128.load_splat<T>(a + 4 * aRow);
    g0 = multiplyAdd<T>(g0, t, b0);
    g1 = multiplyAdd<T>(g1, t, b1);
    g2 = multiplyAdd<T>(g2, t, b2);
    g3 = multiplyAdd<T>(g3, t, b3);
    const u = v128.load_splat<T>(a + 5 * aRow);
    h0 = multiplyAdd<T>(h0, u, b0);
    h1 = multiplyAdd<T>(h1, u, b1);
    h2 = multiplyAdd<T>(h2, u, b2);
    h3 = multiplyAdd<T>(h3, u, b3);
    a += aCol;
    b += bRow;
  }
  v128.store(c, c3, 48);
  v128.store(c, c2, 32);
  v128.store(c, c1, 16);
  v128.store(c, c0);
  v128.store(c + cRow, d3, 48);
  v128.store(c + cRow, d2, 32);
  v128.store(c + cRow, d1, 16);
  v128.store(c + cRow, d0);
  v128.store(c + 2 * cRow, e3, 48);
  v128.store(c + 2 * cRow, e2, 32);
  v128.store(c + 2 * cRow, e1, 16);
  v128.store(c + 2 * cRow, e0);
  v128.store(c + 3 * cRow, f3, 48);
  v128.store(c + 3 * cRow, f2, 32);
  v128.store(c + 3 * cRow, f1, 16);
  v128.store(c + 3 * cRow, f0);
  v128.store(c + 4 * cRow, g3, 48);
  v128.store(c + 4 * cRow, g2, 32);
  v128.store(c + 4 * cRow, g1, 16);
  v128.store(c + 4 * cRow, g0);
  v128.store(c + 5 * cRow, h3, 48);
  v128.store(c + 5 * cRow, h2, 32);
  v128.store(c + 5 * cRow, h1, 16);
  v128.store(c + 5 * cRow, h0);
}
