import { crowded, DEPTH, fewRows } from './fewRows';
import { bytes, lanes } from './lanes';
import { largeTile } from './largeTile';
import { narrow } from './narrowTile';
import { packPanel } from './packPanel';
import { PANEL, PANEL_BYTES } from './scratch';
import { tallTile } from './tallTile';
import { wideTile } from './wideTile';

/** The tile for most of a product (`largeTile`, `tallTile` or `wideTile`) and its size. */
const ROWS: i32 = FAST ? 6 : 2;
const VECTORS: i32 = FAST && !WIDE ? 2 : 4;

/**
 * From this many rows of A on, packing a panel of B is faster. If B's rows are crowded, from fewer.
 */
const MANY: i32 = 64;
const MANY_CROWDED: i32 = 16;

/** One panel of B, as wide as a tile, with all rows of A. */
function panel<T>(
  a: usize, aRow: i32, aCol: i32, b: usize, bRow: i32, c: usize, cRow: i32,
  m: i32, k: i32, resume: i32,
): void {
  for (; m > 0; m -= ROWS) {
    if (WIDE) largeTile<T>(a, aRow, aCol, b, bRow, c, cRow, k, resume);
    else if (FAST) tallTile<T>(a, aRow, aCol, b, bRow, c, cRow, k, resume);
    else wideTile<T>(4, a, aRow, aCol, b, bRow, c, cRow, k, resume);
    a += ROWS * aRow;
    c += ROWS * cRow;
  }
}

/** The next two vectors of columns, in the wide module. */
function tallPanel<T>(
  a: usize, aRow: i32, aCol: i32, b: usize, bRow: i32, c: usize, cRow: i32,
  m: i32, k: i32, resume: i32,
): void {
  for (; m > 0; m -= ROWS) {
    tallTile<T>(a, aRow, aCol, b, bRow, c, cRow, k, resume);
    a += ROWS * aRow;
    c += ROWS * cRow;
  }
}

/** A block of k: panels, then the remaining columns four rows at a time. */
@inline
function block<T>(
  a: usize, aRow: i32, aCol: i32, b: usize, bRow: i32, c: usize, cRow: i32,
  m: i32, n: i32, k: i32, resume: i32, packed: bool,
): void {
  for (; n >= VECTORS * lanes<T>(); n -= VECTORS * lanes<T>()) {
    if (packed) packPanel(VECTORS, b, bRow, k);
    panel<T>(a, aRow, aCol, packed ? PANEL : b, packed ? 16 * VECTORS : bRow, c, cRow, m, k, resume);
    b += 16 * VECTORS;
    c += 16 * VECTORS;
  }
  if (WIDE && n >= 2 * lanes<T>()) {
    tallPanel<T>(a, aRow, aCol, b, bRow, c, cRow, m, k, resume);
    b += 32;
    c += 32;
    n -= 2 * lanes<T>();
  }
  if (n == 0) return;
  for (; m >= 4; m -= 4) {
    narrow<T>(4, a, aRow, aCol, b, bRow, c, cRow, n, k, resume);
    a += 4 * aRow;
    c += 4 * cRow;
  }
  fewRows<T>(a, aRow, aCol, b, bRow, c, cRow, m, n, k, resume);
}

/** The product for `m` rows of A, a multiple of ROWS. Strides in bytes. */
@inline
function manyRows<T>(
  a: usize, aRow: i32, aCol: i32, b: usize, bRow: i32, c: usize, cRow: i32,
  m: i32, n: i32, k: i32, resume: i32,
): void {
  const packed = m >= MANY || crowded(bRow);
  const depth = packed ? PANEL_BYTES / (16 * VECTORS) : DEPTH;
  do {
    const part = min(k, depth);
    block<T>(a, aRow, aCol, b, bRow, c, cRow, m, n, part, resume, packed);
    a += part * aCol;
    b += part * bRow;
    k -= part;
    resume = 1;
  } while (k > 0);
}

/**
 * C = A·B or C += A·B. Each output has one accumulator and k ascends. A block of k continues from
 * the sum that the previous block stored in C, which is exact. Blocks, panels and tiles therefore
 * change no bit.
 */
@inline
function matmul<T>(
  a: usize, aStride: i32, aStep: i32, b: usize, bStride: i32, c: usize, cStride: i32,
  m: i32, n: i32, k: i32, accumulate: i32,
): void {
  const aRow = bytes<T>(aStride), aCol = bytes<T>(aStep), bRow = bytes<T>(bStride), cRow = bytes<T>(cStride);
  const most = crowded(bRow) && m < MANY_CROWDED ? 0 : m - (m % ROWS);
  if (most > 0) manyRows<T>(a, aRow, aCol, b, bRow, c, cRow, most, n, k, accumulate);
  if (most == m) return;
  fewRows<T>(a + most * aRow, aRow, aCol, b, bRow, c + most * cRow, cRow, m - most, n, k, accumulate);
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
