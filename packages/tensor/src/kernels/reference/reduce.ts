/** Sums, extremes, positions and orders along the middle axis of `[outer, n, inner]`. */
import type { Heap } from '../../memory/heap.ts';
import type { CommonKernels, ReduceKernel } from '../contract.ts';
import type { Element } from './element.ts';
import { pairwiseSum } from './pairwise.ts';

/**
 * Calls `reduce(first)` for every output in turn, `first` being the index of the first of its n
 * elements, `inner` apart.
 */
function eachOutput(
  outer: number,
  n: number,
  inner: number,
  from: number,
  visit: (output: number, first: number) => void,
): void {
  for (let o = 0; o < outer; o++) {
    for (let i = 0; i < inner; i++) visit(o * inner + i, from + o * n * inner + i);
  }
}

function sum({ view, index, round }: Element): ReduceKernel {
  return (x, y, outer, n, inner) => {
    const values = view();
    const to = index(y);
    eachOutput(outer, n, inner, index(x), (output, first) => {
      values[to + output] = pairwiseSum((k) => values[first + k * inner]!, round, 0, n);
    });
  };
}

/**
 * `choose` is Math.max or Math.min: both let NaN through and put +0 above −0, as the contract asks.
 */
function extreme({ view, index }: Element, choose: (a: number, b: number) => number): ReduceKernel {
  return (x, y, outer, n, inner) => {
    const values = view();
    const to = index(y);
    eachOutput(outer, n, inner, index(x), (output, first) => {
      let best = values[first]!;
      for (let k = 1; k < n; k++) best = choose(best, values[first + k * inner]!);
      values[to + output] = best;
    });
  };
}

function argmax(heap: Heap, { view, index }: Element): ReduceKernel {
  return (x, y, outer, n, inner) => {
    const values = view();
    const positions = heap.int32;
    const to = y >>> 2;
    eachOutput(outer, n, inner, index(x), (output, first) => {
      let best = 0;
      let largest = values[first]!;
      // Once the largest is NaN no comparison is true, so the first NaN stays.
      for (let k = 1; k < n; k++) {
        const value = values[first + k * inner]!;
        if (value > largest || (Number.isNaN(value) && !Number.isNaN(largest))) {
          best = k;
          largest = value;
        }
      }
      positions[to + output] = best;
    });
  };
}

/** Engines sort stably (ECMAScript 2019), so the order of equal elements is the same everywhere. */
function argsort(heap: Heap, { view, index }: Element): CommonKernels['argsort'] {
  return (x, y, outer, n, inner, descending) => {
    const values = view();
    const positions = heap.int32;
    const to = y >>> 2;
    const order = new Int32Array(n);
    eachOutput(outer, n, inner, index(x), (output, first) => {
      const value = (k: number): number => values[first + k * inner]!;
      for (let k = 0; k < n; k++) order[k] = k;
      if (descending === 1) order.sort((a, b) => ascending(value(b), value(a)));
      else order.sort((a, b) => ascending(value(a), value(b)));
      const start = to + Math.floor(output / inner) * n * inner + (output % inner);
      for (let k = 0; k < n; k++) positions[start + k * inner] = order[k]!;
    });
  };
}

function ascending(a: number, b: number): number {
  if (a < b) return -1;
  if (a > b) return 1;
  return a === b ? 0 : Number(Number.isNaN(a)) - Number(Number.isNaN(b));
}

/** The reductions of one dtype. */
export function reductions(
  heap: Heap,
  element: Element,
): Pick<CommonKernels, 'sum' | 'max' | 'min' | 'argmax' | 'argsort'> {
  return {
    sum: sum(element),
    max: extreme(element, Math.max),
    min: extreme(element, Math.min),
    argmax: argmax(heap, element),
    argsort: argsort(heap, element),
  };
}
