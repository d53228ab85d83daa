import { lanes, loadPart, op, storePart } from './lanes';

/**
 * `y[i] = Op(x[i])`. The last few elements go through the same vector function, in the first lanes of a
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
