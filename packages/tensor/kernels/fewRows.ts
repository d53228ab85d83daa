import { bytes, lanes } from './lanes';
import { narrow } from './narrowTile';
import { eightVectors, fourVectors, sixteenVectors } from './rowTile';
import { wideTile } from './wideTile';

/** The number of rows of B used at a time. Together they stay in the cache for all rows of A. */
export const DEPTH: i32 = 128;
/** The number for crowded rows. */
const CROWDED_DEPTH: i32 = 8;

/**
 * Whether rows of B are a multiple of 4096 bytes apart. Such rows share a set of 8 to 12 lines of
 * the first-level cache, where more rows would evict one another.
 */
@inline
export function crowded(bRow: i32): bool {
  return (bRow & 4095) == 0;
}

function oneRow<T>(a: usize, aCol: i32, b: usize, bRow: i32, c: usize, n: i32, k: i32, resume: i32): void {
  for (; WIDE && n >= 16 * lanes<T>(); n -= 16 * lanes<T>()) {
    sixteenVectors<T>(a, aCol, b, bRow, c, k, resume);
    b += 256;
    c += 256;
  }
  for (; n >= 8 * lanes<T>(); n -= 8 * lanes<T>()) {
    eightVectors<T>(a, aCol, b, bRow, c, k, resume);
    b += 128;
    c += 128;
  }
  if (n >= 4 * lanes<T>()) {
    fourVectors<T>(a, aCol, b, bRow, c, k, resume);
    b += 64;
    c += 64;
    n -= 4 * lanes<T>();
  }
  narrow<T>(1, a, 0, aCol, b, bRow, c, 0, n, k, resume);
}

/** A wide tile of eight vectors, for the wide module. It is a call like `tallTile`. */
function doubleTile<T>(
  a: usize, aRow: i32, aCol: i32, b: usize, bRow: i32, c: usize, cRow: i32,
  k: i32, resume: i32,
): void {
  wideTile<T>(8, a, aRow, aCol, b, bRow, c, cRow, k, resume);
}

/** Two rows: wide tiles, then the remaining columns row by row. */
@inline
function twoRows<T>(
  a: usize, aRow: i32, aCol: i32, b: usize, bRow: i32, c: usize, cRow: i32,
  n: i32, k: i32, resume: i32,
): void {
  for (; WIDE && n >= 8 * lanes<T>(); n -= 8 * lanes<T>()) {
    doubleTile<T>(a, aRow, aCol, b, bRow, c, cRow, k, resume);
    b += 128;
    c += 128;
  }
  for (; n >= 4 * lanes<T>(); n -= 4 * lanes<T>()) {
    wideTile<T>(4, a, aRow, aCol, b, bRow, c, cRow, k, resume);
    b += 64;
    c += 64;
  }
  if (n > 0) {
    oneRow<T>(a, aCol, b, bRow, c, n, k, resume);
    oneRow<T>(a + aRow, aCol, b, bRow, c + cRow, n, k, resume);
  }
}

/** The product for a few rows of A. Strides in bytes. */
export function fewRows<T>(
  a: usize, aRow: i32, aCol: i32, b: usize, bRow: i32, c: usize, cRow: i32,
  m: i32, n: i32, k: i32, resume: i32,
): void {
  const depth = crowded(bRow) ? CROWDED_DEPTH : DEPTH;
  do {
    const part = min(k, depth);
    let from = a;
    let to = c;
    let rows = m;
    for (; rows >= 2; rows -= 2) {
      twoRows<T>(from, aRow, aCol, b, bRow, to, cRow, n, part, resume);
      from += 2 * aRow;
      to += 2 * cRow;
    }
    if (rows > 0) oneRow<T>(from, aCol, b, bRow, to, n, part, resume);
    a += part * aCol;
    b += part * bRow;
    k -= part;
    resume = 1;
  } while (k > 0);
}
