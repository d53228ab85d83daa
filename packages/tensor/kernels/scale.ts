import { lanes, loadPart, storePart } from './lanes';

/** `y = x · factor`. */
@inline
export function scale<T>(x: usize, y: usize, n: i32, factor: T): void {
  const factors = v128.splat<T>(factor);
  for (; n >= lanes<T>(); n -= lanes<T>()) {
    v128.store(y, v128.mul<T>(v128.load(x), factors));
    x += 16;
    y += 16;
  }
  if (n > 0) storePart<T>(y, v128.mul<T>(loadPart<T>(x, n), factors), n);
}
