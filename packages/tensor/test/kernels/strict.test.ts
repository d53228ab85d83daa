import { expect, test } from 'vitest';
import { referenceKernels } from '../../src/kernels/reference/index.ts';
import { strictKernels } from '../../src/kernels/strict.ts';
import { Heap } from '../../src/memory/heap.ts';

test('The kernels see the heap after it has grown.', () => {
  const heap = new Heap(65536);
  const kernels = strictKernels(heap, referenceKernels(heap))!;
  heap.float32.set([1, 2, 3], 4096);
  heap.grow(10 * 65536);
  kernels.float32.neg(16384, 9 * 65536, 3);
  expect([...heap.float32.subarray((9 * 65536) / 4).subarray(0, 3)]).toEqual([-1, -2, -3]);
});
