import { bytes, lanes } from './lanes';
import { tile } from './tile';

/** How many rows of B are used at a time: together they stay in the cache while all rows of A pass over them. */
const DEPTH = 128;
/**
 * Rows of B that lie a multiple of 4096 bytes apart share the same few places of the first-level cache (8 to 12 of them), where more
 * than these would drive one another out: 1.5 times the speed for n = 1024.
 */
const CROWDED_DEPTH = 8;

/** Two rows of C, or one: all columns, from the widest tiles to the last few columns. Strides in bytes. */
@inline
function sweep<T>(
  rows: i32,
  a: usize, aRow: i32, aCol: i32, b: usize, bRow: i32, c: usize, cRow: i32,
  n: i32, k: i32, resume: i32,
): void {
  if (rows == 1) {
    for (; n >= 8 * lanes<T>(); n -= 8 * lanes<T>()) {
      tile<T>(1, 8, 0, a, aRow, aCol, b, bRow, c, cRow, k, resume);
      b += 128;
      c += 128;
    }
  }
  for (; n >= 4 * lanes<T>(); n -= 4 * lanes<T>()) {
    tile<T>(rows, 4, 0, a, aRow, aCol, b, bRow, c, cRow, k, resume);
    b += 64;
    c += 64;
  }
  if (n >= 2 * lanes<T>()) {
    tile<T>(rows, 2, 0, a, aRow, aCol, b, bRow, c, cRow, k, resume);
    b += 32;
    c += 32;
    n -= 2 * lanes<T>();
  }
  if (n >= lanes<T>()) {
    tile<T>(rows, 1, 0, a, aRow, aCol, b, bRow, c, cRow, k, resume);
    b += 16;
    c += 16;
    n -= lanes<T>();
  }
  if (n > 0) tile<T>(rows, 1, n, a, aRow, aCol, b, bRow, c, cRow, k, resume);
}

/**
 * C = A·B or C += A·B. Each output has one accumulator and k ascends: a block of k resumes from what the one before left in C, which
 * is exact, so blocks, tiles and tails change no bit.
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
    let from = a;
    let to = c;
    let left = m;
    for (; left >= 2; left -= 2) {
      sweep<T>(2, from, aRow, aCol, b, bRow, to, cRow, n, part, accumulate);
      from += 2 * aRow;
      to += 2 * cRow;
    }
    if (left > 0) sweep<T>(1, from, aRow, aCol, b, bRow, to, cRow, n, part, accumulate);
    a += part * aCol;
    b += part * bRow;
    k -= part;
    accumulate = 1;
  } while (k > 0);
}

export function matmul_f32(a: usize, aRow: i32, aCol: i32, b: usize, bRow: i32, c: usize, cRow: i32, m: i32, n: i32, k: i32, accumulate: i32): void {
  matmul<f32>(a, aRow, aCol, b, bRow, c, cRow, m, n, k, accumulate);
}
export function matmul_f64(a: usize, aRow: i32, aCol: i32, b: usize, bRow: i32, c: usize, cRow: i32, m: i32, n: i32, k: i32, accumulate: i32): void {
  matmul<f64>(a, aRow, aCol, b, bRow, c, cRow, m, n, k, accumulate);
}
