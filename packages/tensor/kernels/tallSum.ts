import { firstHalf } from './pairwise';
import { PARTIALS } from './scratch';

/** Results of `sumFour`: the sums of four vectors of adjacent columns. */
export let sum0: v128 = i64x2(0, 0);
export let sum1: v128 = i64x2(0, 0);
export let sum2: v128 = i64x2(0, 0);
export let sum3: v128 = i64x2(0, 0);

/**
 * Partial sums j of up to 128 elements of each column: elements j, j + 8, j + 16 … They are stored
 * in `PARTIALS`.
 */
@inline
function partial<T>(x: usize, n: i32, row: i32, j: i32): void {
  const zero = v128.splat<T>(0);
  let a = zero, b = zero, c = zero, d = zero;
  x += j * row;
  for (let k = j; k < n; k += 8) {
    a = v128.add<T>(a, v128.load(x));
    b = v128.add<T>(b, v128.load(x, 16));
    c = v128.add<T>(c, v128.load(x, 32));
    d = v128.add<T>(d, v128.load(x, 48));
    x += 8 * row;
  }
  const to = PARTIALS + 64 * j;
  v128.store(to, a);
  v128.store(to, b, 16);
  v128.store(to, c, 32);
  v128.store(to, d, 48);
}

/** ((p0 + p4) + (p2 + p6)) + ((p1 + p5) + (p3 + p7)). */
@inline
function total<T>(at: usize): v128 {
  const even = v128.add<T>(
    v128.add<T>(v128.load(at), v128.load(at, 256)),
    v128.add<T>(v128.load(at, 128), v128.load(at, 384)),
  );
  const odd = v128.add<T>(
    v128.add<T>(v128.load(at, 64), v128.load(at, 320)),
    v128.add<T>(v128.load(at, 192), v128.load(at, 448)),
  );
  return v128.add<T>(even, odd);
}

/**
 * Sums n elements of each of four vectors of adjacent columns, `row` bytes from one to the next.
 */
export function sumFour<T>(x: usize, n: i32, row: i32): void {
  if (n > 128) {
    const h = firstHalf(n);
    sumFour<T>(x, h, row);
    const a = sum0, b = sum1, c = sum2, d = sum3;
    sumFour<T>(x + h * row, n - h, row);
    sum0 = v128.add<T>(a, sum0);
    sum1 = v128.add<T>(b, sum1);
    sum2 = v128.add<T>(c, sum2);
    sum3 = v128.add<T>(d, sum3);
    return;
  }
  for (let j = 0; j < 8; j++) partial<T>(x, n, row, j);
  sum0 = total<T>(PARTIALS);
  sum1 = total<T>(PARTIALS + 16);
  sum2 = total<T>(PARTIALS + 32);
  sum3 = total<T>(PARTIALS + 48);
}
