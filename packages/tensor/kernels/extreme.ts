import { lanes, op } from './lanes';

// WebAssembly's max and min: NaN if either is NaN, +0 above −0. The order therefore does not
// matter, and none is canonical.

export class Max {
  @inline vector<T>(a: v128, b: v128): v128 { return v128.max<T>(a, b); }
  @inline number<T>(a: T, b: T): T { return max<T>(a, b); }
}
export class Min {
  @inline vector<T>(a: v128, b: v128): v128 { return v128.min<T>(a, b); }
  @inline number<T>(a: T, b: T): T { return min<T>(a, b); }
}

/** The extreme of n ≥ 1 contiguous elements. */
@inline
export function ofRow<T, Op>(x: usize, n: i32): T {
  let best = v128.load_splat<T>(x);
  for (; n >= lanes<T>(); n -= lanes<T>()) {
    best = op<Op>().vector<T>(best, v128.load(x));
    x += 16;
  }
  for (; n > 0; n--) {
    best = op<Op>().vector<T>(best, v128.load_splat<T>(x));
    x += sizeof<T>();
  }
  const ends = op<Op>().number<T>(v128.extract_lane<T>(best, 0), v128.extract_lane<T>(best, 1));
  if (sizeof<T>() == 8) return ends;
  const others = op<Op>().number<T>(v128.extract_lane<T>(best, 2), v128.extract_lane<T>(best, 3));
  return op<Op>().number<T>(ends, others);
}
