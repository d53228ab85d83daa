import { copyRow } from './copyRow';
import { bytes, lanes, loadPart, storePart } from './lanes';
import { transposeBlocks } from './transposeBlocks';

@inline
function fill<T>(y: usize, n: i32, value: T): void {
  const v = v128.splat<T>(value);
  for (; n >= lanes<T>(); n -= lanes<T>()) {
    v128.store(y, v);
    y += 16;
  }
  if (n > 0) storePart<T>(y, v, n);
}

/**
 * Copies rows if they are contiguous in both, a transposition in blocks, and everything else
 * element by element.
 */
@inline
function copy<T>(
  source: usize, sourceRow: i32, sourceCol: i32,
  target: usize, targetRow: i32, targetCol: i32,
  rows: i32, cols: i32,
): void {
  if (sourceCol == 1 && targetCol == 1) {
    if (sourceRow == cols && targetRow == cols) {
      cols *= rows;
      rows = min(rows, 1);
    }
    for (; rows > 0; rows--) {
      copyRow(source, target, bytes<T>(cols) >>> 2);
      source += bytes<T>(sourceRow);
      target += bytes<T>(targetRow);
    }
  } else if (sourceRow == 1 && targetCol == 1) {
    transposeBlocks<T>(source, sourceCol, target, targetRow, cols, rows);
  } else if (sourceCol == 1 && targetRow == 1) {
    transposeBlocks<T>(source, sourceRow, target, targetCol, rows, cols);
  } else {
    for (let r = 0; r < rows; r++) {
      let from = source + bytes<T>(r * sourceRow);
      let to = target + bytes<T>(r * targetRow);
      for (let c = 0; c < cols; c++) {
        store<T>(to, load<T>(from));
        from += bytes<T>(sourceCol);
        to += bytes<T>(targetCol);
      }
    }
  }
}

@inline
function gather<T>(table: usize, indices: usize, y: usize, n: i32, width: i32): void {
  for (; n > 0; n--) {
    copyRow(table + bytes<T>(load<i32>(indices) * width), y, bytes<T>(width) >>> 2);
    indices += 4;
    y += bytes<T>(width);
  }
}

@inline
function scatterAdd<T>(table: usize, indices: usize, g: usize, n: i32, width: i32): void {
  for (; n > 0; n--) {
    let row = table + bytes<T>(load<i32>(indices) * width);
    let left = width;
    for (; left >= lanes<T>(); left -= lanes<T>()) {
      v128.store(row, v128.add<T>(v128.load(row), v128.load(g)));
      row += 16;
      g += 16;
    }
    if (left > 0) {
      storePart<T>(row, v128.add<T>(loadPart<T>(row, left), loadPart<T>(g, left)), left);
      g += bytes<T>(left);
    }
    indices += 4;
  }
}

export function fill_f32(y: usize, n: i32, value: f32): void { fill<f32>(y, n, value); }
export function fill_f64(y: usize, n: i32, value: f64): void { fill<f64>(y, n, value); }
export function copy_f32(
  source: usize, sourceRow: i32, sourceCol: i32, target: usize, targetRow: i32, targetCol: i32, rows: i32, cols: i32,
): void {
  copy<f32>(source, sourceRow, sourceCol, target, targetRow, targetCol, rows, cols);
}
export function copy_f64(
  source: usize, sourceRow: i32, sourceCol: i32, target: usize, targetRow: i32, targetCol: i32, rows: i32, cols: i32,
): void {
  copy<f64>(source, sourceRow, sourceCol, target, targetRow, targetCol, rows, cols);
}
export function gather_f32(table: usize, indices: usize, y: usize, n: i32, width: i32): void {
  gather<f32>(table, indices, y, n, width);
}
export function gather_f64(table: usize, indices: usize, y: usize, n: i32, width: i32): void {
  gather<f64>(table, indices, y, n, width);
}
export function scatterAdd_f32(table: usize, indices: usize, g: usize, n: i32, width: i32): void {
  scatterAdd<f32>(table, indices, g, n, width);
}
export function scatterAdd_f64(table: usize, indices: usize, g: usize, n: i32, width: i32): void {
  scatterAdd<f64>(table, indices, g, n, width);
}
export function transpose_f32(x: usize, xRow: i32, y: usize, rows: i32, cols: i32): void {
  transposeBlocks<f32>(x, xRow, y, rows, rows, cols);
}
export function transpose_f64(x: usize, xRow: i32, y: usize, rows: i32, cols: i32): void {
  transposeBlocks<f64>(x, xRow, y, rows, rows, cols);
}
