import { bytes, lanes } from './lanes';
import { narrowTile } from './narrowTile';
import { wideTile } from './wideTile';

/**
 * How many rows of B are used at a time: together they stay in the cache while all rows of A pass over
 * them.
 */
const DEPTH = 128;
/**
 * Rows of B that lie a multiple of 4096 bytes apart share the same few places of the first-level cache (8 to
 * 12 of them), where more than these would drive one another out: 1.5 times the speed for n = 1024.
 */
const CROWDED_DEPTH = 8;

/** One row of C, all its columns. Strides in bytes. */
function oneRow<T>(a: usize, aCol: i32, b: usize, bRow: i32, c: usize, n: i32, k: i32, resume: i32): void {
  // Eight vectors are better as 4 and 4 than as 6 and 2.
  for (; n >= 6 * lanes<T>() && n != 8 * lanes<T>(); n -= 6 * lanes<T>()) {
    wideTile<T>(1, 6, a, 0, aCol, b, bRow, c, 0, k, resume);
    b += 96;
    c += 96;
  }
  for (; n >= 4 * lanes<T>(); n -= 4 * lanes<T>()) {
    wideTile<T>(1, 4, a, 0, aCol, b, bRow, c, 0, k, resume);
    b += 64;
    c += 64;
  }
  narrow<T>(1, a, 0, aCol, b, bRow, c, 0, n, k, resume);
}

/** One row of C or four, the last columns: fewer than four vectors of them. */
@inline
function narrow<T>(
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

/**
 * A block of k: rows in pairs through the wide tiles, what is left of their columns in fours, an odd last
 * row alone.
 */
@inline
function block<T>(
  a: usize, aRow: i32, aCol: i32, b: usize, bRow: i32, c: usize, cRow: i32,
  m: i32, n: i32, k: i32, resume: i32,
): void {
  const whole = n & -(4 * lanes<T>());
  let row = 0;
  for (; row + 2 <= m; row += 2) {
    for (let j = 0; j < whole; j += 4 * lanes<T>()) {
      const at = bytes<T>(j);
      wideTile<T>(2, 4, a + row * aRow, aRow, aCol, b + at, bRow, c + row * cRow + at, cRow, k, resume);
    }
  }
  if (row < m) oneRow<T>(a + row * aRow, aCol, b, bRow, c + row * cRow, n, k, resume);
  if (whole == n) return;
  const rest = b + bytes<T>(whole);
  let to = c + bytes<T>(whole);
  for (; row >= 4; row -= 4) {
    narrow<T>(4, a, aRow, aCol, rest, bRow, to, cRow, n - whole, k, resume);
    a += 4 * aRow;
    to += 4 * cRow;
  }
  for (; row > 0; row--) {
    oneRow<T>(a, aCol, rest, bRow, to, n - whole, k, resume);
    a += aRow;
    to += cRow;
  }
}

/**
 * C = A·B or C += A·B. Each output has one accumulator and k ascends: a block of k resumes from what the one
 * before left in C, which is exact, so blocks, tiles and tails change no bit.
 */
@inline
function matmul<T>(
  a: usize, aStride: i32, aStep: i32, b: usize, bStride: i32, c: usize, cStride: i32,
  m: i32, n: i32, k: i32, accumulate: i32,
): void {
  const aRow = bytes<T>(aStride), aCol = bytes<T>(aStep), bRow = bytes<T>(bStride), cRow = bytes<T>(cStride);
  const depth = (bRow & 4095) == 0 ? CROWDED_DEPTH : DEPTH;
  do {
    const part = min(k, depth);
    block<T>(a, aRow, aCol, b, bRow, c, cRow, m, n, part, accumulate);
    a += part * aCol;
    b += part * bRow;
    k -= part;
    accumulate = 1;
  } while (k > 0);
}

export function matmul_f32(
  a: usize, aRow: i32, aCol: i32, b: usize, bRow: i32, c: usize, cRow: i32, m: i32, n: i32, k: i32, accumulate: i32,
): void {
  matmul<f32>(a, aRow, aCol, b, bRow, c, cRow, m, n, k, accumulate);
}
export function matmul_f64(
  a: usize, aRow: i32, aCol: i32, b: usize, bRow: i32, c: usize, cRow: i32, m: i32, n: i32, k: i32, accumulate: i32,
): void {
  matmul<f64>(a, aRow, aCol, b, bRow, c, cRow, m, n, k, accumulate);
}
