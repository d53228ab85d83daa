/**
 * Writes plain numbers to a heap at unaligned addresses, and reads results after checking that the
 * bytes around them are unchanged.
 */
import { expect } from 'vitest';
import type { CommonKernels, FloatKernels } from '../../../src/kernels/contract.ts';
import { referenceKernels } from '../../../src/kernels/reference/index.ts';
import { Heap } from '../../../src/memory/heap.ts';

export type Float = 'float32' | 'float64';
export type Dtype = Float | 'int32';
export const floats: readonly Float[] = ['float32', 'float64'];
export const dtypes: readonly Dtype[] = ['float32', 'float64', 'int32'];

export const rounding: Record<Dtype, (x: number) => number> = {
  float32: Math.fround,
  float64: (x) => x,
  int32: (x) => Number(BigInt.asIntN(32, BigInt(x))),
};

const GUARD = 3;
const SENTINEL = -77;
/** What an output holds until it is written. */
export const BLANK = -76;

export class Workbench {
  readonly heap: Heap;
  readonly start: number;
  #next: number;

  constructor(heap: Heap, start: number) {
    this.heap = heap;
    this.start = start;
    this.#next = start;
  }

  /** Forgets everything: the next block starts from nothing. */
  clear(): void {
    this.#next = this.start;
  }

  /** A block with a guard on either side; its address is an odd number of elements. */
  put(dtype: Dtype, values: readonly number[]): number {
    const size = dtype === 'float64' ? 8 : 4;
    const elements = Math.ceil(this.#next / (2 * size)) * 2 + GUARD;
    const view = this.heap[dtype];
    view.fill(SENTINEL, elements - GUARD, elements + values.length + GUARD);
    view.set(values, elements);
    this.#next = (elements + values.length + GUARD) * size;
    return elements * size;
  }

  /** A block for `n` results. */
  room(dtype: Dtype, n: number): number {
    return this.put(dtype, new Array<number>(n).fill(BLANK));
  }

  take(dtype: Dtype, address: number, n: number): number[] {
    const elements = address / (dtype === 'float64' ? 8 : 4);
    const around = Array.from(this.heap[dtype].subarray(elements - GUARD, elements + n + GUARD));
    const guards = [...around.slice(0, GUARD), ...around.slice(GUARD + n)];
    expect(guards, 'written outside the output').toEqual(new Array<number>(2 * GUARD).fill(SENTINEL));
    return around.slice(GUARD, GUARD + n);
  }
}

export const bench: Workbench = new Workbench(new Heap(1 << 20), 1024);
const kernels = referenceKernels(bench.heap);

export function kernelsOf(dtype: Dtype): CommonKernels {
  return kernels[dtype];
}

export function floatKernelsOf(dtype: Float): FloatKernels {
  return kernels[dtype];
}
