import { lanes, loadPart, op, storePart } from './lanes';
import { TAIL } from './scratch';

/**
 * `y[i] = Op(x[i])`. The last few elements use the same vector function, in the first lanes of a
 * vector.
 */
@inline
export function unary<T, Op>(x: usize, y: usize, n: i32): void {
  for (; n >= lanes<T>(); n -= lanes<T>()) {
    v128.store(y, op<Op>().apply<T>(v128.load(x)));
    x += 16;
    y += 16;
  }
  if (n > 0) storePart<T>(y, op<Op>().apply<T>(loadPart<T>(x, n)), n);
}

@inline
function copyWords(from: usize, to: usize, n: i32): void {
  for (let i = 0; i < n; i++) store<i32>(to + 4 * i, load<i32>(from + 4 * i));
}

/**
 * `y[i] = Op(x[i], shared)` for long formulas of float32: two vectors at a time, which engines
 * compute in parallel. The last few elements go through `TAIL`, so that the formula is compiled
 * once.
 */
@inline
export function unaryPairs<Op>(x: usize, y: usize, n: i32, shared: v128): void {
  while (n > 0) {
    let from = x;
    let to = y;
    if (n < 8) {
      copyWords(x, TAIL, n);
      from = to = TAIL;
    }
    const first = op<Op>().apply(v128.load(from), shared);
    const second = op<Op>().apply(v128.load(from, 16), shared);
    v128.store(to, second, 16);
    v128.store(to, first);
    if (n < 8) copyWords(TAIL, y, n);
    x += 32;
    y += 32;
    n -= 8;
  }
}
