/** Kernels that fill, move and convert elements. */
import type { Heap } from '../../memory/heap.ts';
import type { CommonKernels, UnaryKernel } from '../contract.ts';
import { type Element, float32Element, float64Element, int32Element } from './element.ts';

function fill({ view, index }: Element): CommonKernels['fill'] {
  return (y, n, value) => {
    view().fill(value, index(y), index(y) + n);
  };
}

function copy({ view, index }: Element): CommonKernels['copy'] {
  return (src, srcRow, srcCol, dst, dstRow, dstCol, rows, cols) => {
    const values = view();
    for (let r = 0; r < rows; r++) {
      const from = index(src) + r * srcRow;
      const to = index(dst) + r * dstRow;
      for (let c = 0; c < cols; c++) values[to + c * dstCol] = values[from + c * srcCol]!;
    }
  };
}

function gather(heap: Heap, { view, index }: Element): CommonKernels['gather'] {
  return (table, indices, y, n, width) => {
    const values = view();
    for (let i = 0; i < n; i++) {
      const from = index(table) + heap.int32[(indices >>> 2) + i]! * width;
      const to = index(y) + i * width;
      for (let j = 0; j < width; j++) values[to + j] = values[from + j]!;
    }
  };
}

function scatterAdd(heap: Heap, { view, index }: Element): CommonKernels['scatterAdd'] {
  return (table, indices, g, n, width) => {
    const values = view();
    for (let i = 0; i < n; i++) {
      const from = index(g) + i * width;
      const to = index(table) + heap.int32[(indices >>> 2) + i]! * width;
      for (let j = 0; j < width; j++) values[to + j] = values[to + j]! + values[from + j]!;
    }
  };
}

function cast(source: Element, target: Element, convert: (x: number) => number): UnaryKernel {
  return (x, y, n) => {
    const values = source.view();
    const converted = target.view();
    const from = source.index(x);
    const to = target.index(y);
    for (let i = 0; i < n; i++) converted[to + i] = convert(values[from + i]!);
  };
}

const MOST_INT32 = 2147483647;

/** Towards zero; beyond the range the nearest end. NaN becomes 0 when stored. */
function truncate(x: number): number {
  return Math.max(-MOST_INT32 - 1, Math.min(MOST_INT32, Math.trunc(x)));
}

/** The moving kernels of one dtype. */
export function moves(
  heap: Heap,
  element: Element,
): Pick<CommonKernels, 'fill' | 'copy' | 'gather' | 'scatterAdd' | 'toFloat32' | 'toFloat64' | 'toInt32'> {
  return {
    fill: fill(element),
    copy: copy(element),
    gather: gather(heap, element),
    scatterAdd: scatterAdd(heap, element),
    toFloat32: cast(element, float32Element(heap), (x) => x),
    toFloat64: cast(element, float64Element(heap), (x) => x),
    toInt32: cast(element, int32Element(heap), truncate),
  };
}
