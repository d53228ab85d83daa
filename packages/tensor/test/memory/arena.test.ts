import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { memory, scope, type Tensor, tensor, zeros } from '../../src/index.ts';
import { elementsOf } from '../../src/memory/storage.ts';

const sizes = fc.array(
  fc.oneof(
    { weight: 5, arbitrary: fc.integer({ min: 0, max: 5000 }) },
    { weight: 1, arbitrary: fc.integer({ min: 0, max: 400_000 }) },
  ),
  { minLength: 1, maxLength: 30 },
);

/** Where the results of one op for each size lie, and how many bytes they have. */
function places(list: readonly number[]): { start: number; end: number }[] {
  return list.map((size) => {
    const { storage } = zeros([1]).expand([size]).add(1);
    return { start: storage.address, end: storage.address + 4 * size };
  });
}

test('The same ops get the same addresses in every call, whatever ran in between', () => {
  fc.assert(
    fc.property(sizes, sizes, (list, others) => {
      const first = scope(() => places(list));
      scope(() => places(others));
      zeros([3]).add(1);
      expect(scope(() => places(list))).toEqual(first);
    }),
    { seed: 1, numRuns: 30 },
  );
});

test('Results of one scope never overlap, and start at multiples of 16 bytes', () => {
  fc.assert(
    fc.property(sizes, (list) => {
      const taken = scope(() => places(list)).filter(({ start, end }) => end > start);
      taken.sort((a, b) => a.start - b.start);
      taken.forEach(({ start }, i) => {
        expect(start % 16).toBe(0);
        if (i > 0) expect(start).toBeGreaterThanOrEqual(taken[i - 1]!.end);
      });
    }),
    { seed: 1, numRuns: 30 },
  );
});

test('Every result of a scope keeps its values until the scope ends', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(2000), { minLength: 1, maxLength: 40 }), (list) => {
      scope(() => {
        const results: Tensor[] = list.map((size, i) => zeros([size]).add(i));
        results.forEach((x, i) => {
          expect(elementsOf(x.storage).every((each) => each === i)).toBe(true);
        });
      });
    }),
    { seed: 1, numRuns: 50 },
  );
});

test('memory() counts what the open scope has made, and nothing once it has ended', () => {
  const x = tensor([1, 2, 3]);
  expect(memory().arena).toMatchObject({ tensors: 0, bytes: 0 });
  scope(() => {
    expect(memory().arena).toMatchObject({ tensors: 0, bytes: 0 });
    const y = x.neg();
    // The copy of x for the kernel, and y: three floats each, in steps of 16 bytes.
    expect(memory().arena).toMatchObject({ tensors: 2, bytes: 32 });
    y.reshape([1, 3]).flip();
    expect(memory().arena.tensors).toBe(2);
    y.exp();
    expect(memory().arena).toMatchObject({ tensors: 3, bytes: 48 });
  });
  expect(memory().arena).toMatchObject({ tensors: 0, bytes: 0 });
});

test('The arena is kept for the next scope: a thousand calls reserve what one does', () => {
  const work = () => scope(() => zeros([100_000]).add(1).mul(2).sum().item());
  work();
  const { reservedBytes } = memory().arena;
  for (let i = 0; i < 1000; i++) work();
  expect(memory().arena.reservedBytes).toBe(reservedBytes);
});

test('Single ops outside of scopes reserve no more than a few tens of megabytes, however many there are', () => {
  let x = zeros([50_000]);
  for (let i = 0; i < 1000; i++) x = x.add(1);
  expect(x.select(49_999).item()).toBe(1000);
  expect(memory().arena.reservedBytes).toBeLessThan(64 * 2 ** 20);
});
