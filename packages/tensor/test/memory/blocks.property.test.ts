import * as fc from 'fast-check';
import { beforeEach, expect, test, vi } from 'vitest';

// Each test gets a separate heap.
beforeEach(() => {
  vi.resetModules();
});
const freshHeap = async () => ({
  ...(await import('../../src/memory/blocks.ts')),
  ...(await import('../../src/memory/heap.ts')),
  ...(await import('../../src/errors.ts')),
});

interface Block {
  readonly address: number;
  readonly bytes: number;
}

/** Positive: allocate that many bytes. Negative: free one of the blocks there are. */
const actions = fc.array(
  fc.oneof(
    fc.integer({ min: 0, max: 3000 }),
    fc.integer({ min: 100_000, max: 700_000 }),
    fc.integer({ min: -1000, max: -1 }),
    fc.integer({ min: -1000, max: -1 }),
  ),
  { minLength: 20, maxLength: 120 },
);

test('Blocks never overlap, start at cache lines, lie within the heap, and free space joins again', async () => {
  const { allocateBlock, freeBlock, heap, HEAP_START } = await freshHeap();
  fc.assert(
    fc.property(actions, (list) => {
      const live: Block[] = [];
      const free = (at: number) => {
        const [block] = live.splice(at, 1);
        freeBlock(block!.address, block!.bytes);
      };
      for (const action of list) {
        if (action < 0 && live.length > 0) free(-action % live.length);
        if (action < 0) continue;
        const block = { address: allocateBlock(action), bytes: Math.max(1, action) };
        expect(block.address % 64).toBe(0);
        expect(block.address).toBeGreaterThanOrEqual(HEAP_START);
        expect(block.address + block.bytes).toBeLessThanOrEqual(heap.byteLength);
        for (const { address, bytes } of live) {
          expect(block.address >= address + bytes || block.address + block.bytes <= address).toBe(true);
        }
        live.push(block);
      }
      while (live.length > 0) free((7 * live.length) % live.length);
      // One gap is left: everything fits into it, from the very start, without growth.
      const [whole, before] = [heap.byteLength - HEAP_START, heap.byteLength];
      const address = allocateBlock(whole);
      expect([address, heap.byteLength]).toEqual([HEAP_START, before]);
      freeBlock(address, whole);
    }),
    { seed: 1, numRuns: 150 },
  );
});

test('A block keeps its bytes while others are allocated and freed and the heap grows', async () => {
  const { allocateBlock, freeBlock, heap } = await freshHeap();
  const first = allocateBlock(1000);
  heap.bytes.fill(5, first, first + 1000);
  const before = heap.byteLength;
  const large = allocateBlock(2 * before);
  heap.bytes.fill(9, large, large + 2 * before);
  expect(heap.byteLength).toBeGreaterThan(before);
  freeBlock(large, 2 * before);
  expect(heap.bytes.subarray(first, first + 1000).every((byte) => byte === 5)).toBe(true);
});

test('Freed memory is reused before the heap grows', async () => {
  const { allocateBlock, freeBlock, heap } = await freshHeap();
  const blocks = Array.from({ length: 50 }, () => allocateBlock(60_000));
  const before = heap.byteLength;
  for (let round = 0; round < 20; round++) {
    for (const address of blocks) freeBlock(address, 60_000);
    for (let i = 0; i < blocks.length; i++) blocks[i] = allocateBlock(60_000);
  }
  expect(heap.byteLength).toBe(before);
});

test('A block that does not fit below the limit throws an error, and nothing has changed', async () => {
  const { allocateBlock, freeBlock, heap, HEAP_START, OutOfMemoryError, setMemoryLimit } = await freshHeap();
  const before = heap.byteLength;
  setMemoryLimit(before + 65536);
  let error: unknown;
  try {
    allocateBlock(2 * before);
  } catch (thrown) {
    error = thrown;
  }
  expect(error).toBeInstanceOf(OutOfMemoryError);
  expect(error).toMatchObject({ requested: 2 * before, heapBytes: before });
  expect(heap.byteLength).toBe(before);
  const all = before + 65536 - HEAP_START;
  const address = allocateBlock(all);
  expect([address, heap.byteLength]).toEqual([HEAP_START, before + 65536]);
  freeBlock(address, all);
  setMemoryLimit(2 ** 32);
  expect(allocateBlock(2 * before)).toBe(HEAP_START);
});
