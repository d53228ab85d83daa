import { afterEach, expect, test, vi } from 'vitest';
import { referenceKernels } from '../../src/kernels/reference/index.ts';
import { strictKernels } from '../../src/kernels/strict.ts';
import { Heap } from '../../src/memory/heap.ts';

afterEach(() => {
  vi.doUnmock('../../src/memory/wasm.ts');
  vi.resetModules();
});

/** What `WebAssembly.Module` does under a Content-Security-Policy without `wasm-unsafe-eval`, and in old Chromes on the main thread. */
function refuse(): never {
  throw new RangeError('disallowed');
}

test.each([
  ['no WebAssembly', null],
  ['WebAssembly without SIMD', { validate: (): boolean => false }],
  ['WebAssembly that a page may not compile', { validate: (): boolean => true, Module: refuse }],
])('In an engine with %s there are no strict kernels.', async (_name, wasm) => {
  vi.doMock('../../src/memory/wasm.ts', () => ({ wasm }));
  vi.resetModules();
  const fresh = await import('../../src/kernels/strict.ts');
  const heap = new Heap(65536);
  expect(fresh.strictKernels(heap, referenceKernels(heap))).toBeNull();
});

test('The kernels see the heap after it has grown.', () => {
  const heap = new Heap(65536);
  const kernels = strictKernels(heap, referenceKernels(heap))!;
  heap.float32.set([1, 2, 3], 4096);
  heap.grow(10 * 65536);
  kernels.float32.neg(16384, 9 * 65536, 3);
  expect([...heap.float32.subarray((9 * 65536) / 4).subarray(0, 3)]).toEqual([-1, -2, -3]);
});
