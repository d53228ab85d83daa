import { bytes, lanes } from './lanes';

/** Four rows of four become four columns of four. Strides in bytes. */
@inline
function block4(x: usize, xRow: i32, y: usize, yRow: i32): void {
  const a = v128.load(x);
  const b = v128.load(x + xRow);
  const c = v128.load(x + 2 * xRow);
  const d = v128.load(x + 3 * xRow);
  const ab01 = v128.shuffle<f32>(a, b, 0, 4, 1, 5);
  const ab23 = v128.shuffle<f32>(a, b, 2, 6, 3, 7);
  const cd01 = v128.shuffle<f32>(c, d, 0, 4, 1, 5);
  const cd23 = v128.shuffle<f32>(c, d, 2, 6, 3, 7);
  v128.store(y, v128.shuffle<f32>(ab01, cd01, 0, 1, 4, 5));
  v128.store(y + yRow, v128.shuffle<f32>(ab01, cd01, 2, 3, 6, 7));
  v128.store(y + 2 * yRow, v128.shuffle<f32>(ab23, cd23, 0, 1, 4, 5));
  v128.store(y + 3 * yRow, v128.shuffle<f32>(ab23, cd23, 2, 3, 6, 7));
}

/** Two rows of two float64. */
@inline
function block2(x: usize, xRow: i32, y: usize, yRow: i32): void {
  const a = v128.load(x);
  const b = v128.load(x + xRow);
  v128.store(y, v128.shuffle<f64>(a, b, 0, 2));
  v128.store(y + yRow, v128.shuffle<f64>(a, b, 1, 3));
}

/** Element by element: the edges that the blocks leave over. */
@inline
function edge<T>(x: usize, xRow: i32, y: usize, yRow: i32, r: i32, rows: i32, c: i32, cols: i32): void {
  for (; r < rows; r++) {
    for (let j = c; j < cols; j++) store<T>(y + j * yRow + bytes<T>(r), load<T>(x + r * xRow + bytes<T>(j)));
  }
}

/** `y[c, r] = x[r, c]` for x of rows × cols. Both have any stride from row to row. */
export function transposeBlocks<T>(
  x: usize, xStride: i32, y: usize, yStride: i32, rows: i32, cols: i32,
): void {
  const xRow = bytes<T>(xStride);
  const yRow = bytes<T>(yStride);
  const side = lanes<T>();
  const wholeRows = rows & -side;
  const wholeCols = cols & -side;
  // Strips of 16 rows, so that a line of y is filled before other lines evict it from the cache.
  for (let strip = 0; strip < wholeRows; strip += 16) {
    const end = min(strip + 16, wholeRows);
    for (let c = 0; c < wholeCols; c += side) {
      for (let r = strip; r < end; r += side) {
        const from = x + r * xRow + bytes<T>(c);
        const to = y + c * yRow + bytes<T>(r);
        if (sizeof<T>() == 4) block4(from, xRow, to, yRow);
        else block2(from, xRow, to, yRow);
      }
    }
  }
  edge<T>(x, xRow, y, yRow, 0, wholeRows, wholeCols, cols);
  edge<T>(x, xRow, y, yRow, wholeRows, rows, 0, cols);
}
