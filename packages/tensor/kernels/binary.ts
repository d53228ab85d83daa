import { bytes, lanes, loadPart, op, storePart } from './lanes';
import { LEFT, RIGHT } from './scratch';

/**
 * `y[r, c] = Op(a[r, c], b[r, c])`. `aCol` and `bCol` are 1, or 0 if one element serves the whole
 * row. Such an element is stored as a vector of equal lanes and read with step 0, so that one loop
 * serves every form.
 */
@inline
export function binary<T, Op>(
  a: usize, aRow: i32, aCol: i32,
  b: usize, bRow: i32, bCol: i32,
  y: usize, yRow: i32, rows: i32, cols: i32,
): void {
  if (cols <= 0) return;
  const aStep = aCol << 4;
  const bStep = bCol << 4;
  for (; rows > 0; rows--) {
    let left = a;
    let right = b;
    let out = y;
    if (!aCol) v128.store((left = LEFT), v128.load_splat<T>(a));
    if (!bCol) v128.store((right = RIGHT), v128.load_splat<T>(b));
    let n = cols;
    for (; n >= lanes<T>(); n -= lanes<T>()) {
      v128.store(out, op<Op>().apply<T>(v128.load(left), v128.load(right)));
      left += aStep;
      right += bStep;
      out += 16;
    }
    if (n > 0) storePart<T>(out, op<Op>().apply<T>(loadPart<T>(left, n), loadPart<T>(right, n)), n);
    a += bytes<T>(aRow);
    b += bytes<T>(bRow);
    y += bytes<T>(yRow);
  }
}
