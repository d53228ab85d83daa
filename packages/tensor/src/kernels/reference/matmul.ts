/** The matrix product and the transpose. */
import type { Heap } from '../../memory/heap.ts';
import type { FloatKernels } from '../contract.ts';
import type { Element } from './element.ts';

/**
 * `c[j] += a · b[j]` for n elements at indices c and b: where a product spends its time, so there
 * is one per dtype.
 */
export type AddScaledRow = (heap: Heap, c: number, a: number, b: number, n: number) => void;

export function addScaledRow32(heap: Heap, c: number, a: number, b: number, n: number): void {
  const values = heap.float32;
  for (let j = 0; j < n; j++) values[c + j] = values[c + j]! + Math.fround(a * values[b + j]!);
}

export function addScaledRow64(heap: Heap, c: number, a: number, b: number, n: number): void {
  const values = heap.float64;
  for (let j = 0; j < n; j++) values[c + j] = values[c + j]! + a * values[b + j]!;
}

/**
 * Row by row of C, k ascending: each output adds its rounded products in that order, whatever the
 * shape.
 */
function matmul(heap: Heap, { view, index }: Element, addScaledRow: AddScaledRow): FloatKernels['matmul'] {
  return (a, aRow, aCol, b, bRow, c, cRow, m, n, k, accumulate) => {
    const values = view();
    for (let i = 0; i < m; i++) {
      const row = index(c) + i * cRow;
      if (accumulate === 0) values.fill(0, row, row + n);
      for (let p = 0; p < k; p++) {
        addScaledRow(heap, row, values[index(a) + i * aRow + p * aCol]!, index(b) + p * bRow, n);
      }
    }
  };
}

function transpose({ view, index }: Element): FloatKernels['transpose'] {
  return (x, xRow, y, rows, cols) => {
    const values = view();
    const from = index(x);
    const to = index(y);
    for (let r = 0; r < rows; r++) {
      for (let c = 0; c < cols; c++) values[to + c * rows + r] = values[from + r * xRow + c]!;
    }
  };
}

/** The matrix kernels of one float dtype. */
export function matrices(
  heap: Heap,
  element: Element,
  addScaledRow: AddScaledRow,
): Pick<FloatKernels, 'matmul' | 'transpose'> {
  return { matmul: matmul(heap, element, addScaledRow), transpose: transpose(element) };
}
