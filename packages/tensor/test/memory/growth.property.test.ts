import * as fc from 'fast-check';
import { afterEach, expect, test, vi } from 'vitest';
import { withRecorder } from '../../src/engine.ts';
import { kernelsInUse, useKernels } from '../../src/index.ts';
import { arena } from '../../src/memory/arena.ts';
import { heap } from '../../src/memory/heap.ts';
import { everyOp, runProgram, type Step, steps } from './program.ts';

const PAGE = 65536;
const grow = () => {
  expect(heap.grow(heap.byteLength + PAGE)).toBe(true);
};

/** Every view of the heap is detached at each arena allocation and between any two primitives. */
function growing<R>(body: () => R): R {
  const allocate = arena.allocate.bind(arena);
  vi.spyOn(arena, 'allocate').mockImplementation((bytes) => {
    const address = allocate(bytes);
    grow();
    return address;
  });
  return withRecorder({ record: grow, beforeWrite: grow }, body);
}

const build = kernelsInUse();
afterEach(() => {
  vi.restoreAllMocks();
  useKernels(build);
});

test.each(['strict', 'reference'] as const)(
  'Growing the memory between any two ops and with every allocation changes no bit (%s kernels)',
  (kernels) => {
    useKernels(kernels);
    let grown = 0;
    fc.assert(
      fc.property(steps, (program: readonly Step[]) => {
        const expected = runProgram(program);
        const before = heap.byteLength;
        expect(growing(() => runProgram(program))).toEqual(expected);
        vi.restoreAllMocks();
        grown += heap.byteLength - before;
      }),
      { seed: 1, numRuns: 12, examples: [[everyOp]] },
    );
    expect(grown).toBeGreaterThan(500 * PAGE);
  },
);

test('A view of the heap is detached after the heap has grown: the test hook works', () => {
  const kept = heap.float32;
  grow();
  expect(kept.length).toBe(0);
  expect(heap.float32.length).toBe(heap.byteLength / 4);
});
