import { multiplyAdd } from './lanes';

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
  const zero = v128.splat<T>(0);
  const d = c + cRow, e = d + cRow, f = e + cRow, g = f + cRow, h = g + cRow;
  let c0 = zero, d0 = zero, e0 = zero, f0 = zero, g0 = zero, h0 = zero;
  let c1 = zero, d1 = zero, e1 = zero, f1 = zero, g1 = zero, h1 = zero;
  if (resume) {
    c0 = v128.load(c);
    c1 = v128.load(c, 16);
    d0 = v128.load(d);
    d1 = v128.load(d, 16);
    e0 = v128.load(e);
    e1 = v128.load(e, 16);
    f0 = v128.load(f);
    f1 = v128.load(f, 16);
    g0 = v128.load(g);
    g1 = v128.load(g, 16);
    h0 = v128.load(h);
    h1 = v128.load(h, 16);
  }
  for (; k > 0; k--) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
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
  v128.store(c, c0);
  v128.store(c, c1, 16);
  v128.store(d, d0);
  v128.store(d, d1, 16);
  v128.store(e, e0);
  v128.store(e, e1, 16);
  v128.store(f, f0);
  v128.store(f, f1, 16);
  v128.store(g, g0);
  v128.store(g, g1, 16);
  v128.store(h, h0);
  v128.store(h, h1, 16);
}
