import { beforeEach, expect, test, vi } from 'vitest';

const MiB = 2 ** 20;

// Each test gets a separate heap.
beforeEach(() => {
  vi.resetModules();
});
const freshLibrary = () => import('../../src/index.ts');

test('Large results fill the heap nearly to its limit, with small constants beside them', async () => {
  const { Parameter, scope, setMemoryLimit, zeros } = await freshLibrary();
  setMemoryLimit(512 * MiB);
  const x = new Parameter(zeros([4 * MiB])); // 16 MiB
  const results = scope(() => {
    const kept = [];
    for (let i = 0; i < 29; i++) kept.push(x.add(i + 1));
    return kept.map((y) => y.select(0).item());
  });
  expect(results).toEqual(Array.from({ length: 29 }, (_, i) => i + 1));
});

test('After a scope that filled the heap, a large parameter has room, and another scope has room after it', async () => {
  const { memory, Parameter, scope, setMemoryLimit, zeros } = await freshLibrary();
  setMemoryLimit(256 * MiB);
  const x = new Parameter(zeros([4 * MiB]));
  const fill = (count: number): void => scope(() => void Array.from({ length: count }, () => x.exp()));
  fill(13);
  expect(memory().arena.reservedBytes).toBeGreaterThan(200 * MiB);
  {
    using large = new Parameter(zeros([32 * MiB])); // 128 MiB: more than is left beside the arena
    expect(memory().arena.reservedBytes).toBe(0);
    expect(large.select(7).item()).toBe(0);
  }
  fill(13);
});

test('A parameter that is made in a scope takes memory that earlier scopes left, and nothing of this one', async () => {
  const { Parameter, scope, setMemoryLimit, tensor, zeros } = await freshLibrary();
  setMemoryLimit(256 * MiB);
  const x = new Parameter(zeros([4 * MiB]));
  const loose = tensor([1, 2, 3]);
  scope(() => void Array.from({ length: 13 }, () => x.exp()));
  scope(() => {
    const [small, large] = [loose.add(1), x.add(5)];
    const made = new Parameter(zeros([24 * MiB])); // 96 MiB
    made.assign(made.add(2));
    expect(small.toArray()).toEqual([2, 3, 4]);
    expect(loose.add(small).toArray()).toEqual([3, 5, 7]);
    expect([large.min().item(), large.max().item(), made.max().item()]).toEqual([5, 5, 2]);
  });
});

test('trimMemory gives back what no open scope uses, and memory() accounts for every byte', async () => {
  const { memory, Parameter, scope, trimMemory, zeros } = await freshLibrary();
  const x = new Parameter(zeros([MiB]));
  const accounted = (): number => {
    const { arena, persistent, plans, freeBytes, heapBytes } = memory();
    return heapBytes - (arena.reservedBytes + persistent.bytes + plans.bytes + freeBytes);
  };
  const beside = accounted(); // what kernels keep at the heap's start
  scope(() => void Array.from({ length: 20 }, () => x.exp()));
  const { reservedBytes } = memory().arena;
  expect(accounted()).toBe(beside);
  scope(() => {
    const y = x.add(3);
    expect(trimMemory()).toBeGreaterThan(0);
    expect(memory().arena.reservedBytes).toBeGreaterThan(0);
    expect([y.min().item(), y.max().item()]).toEqual([3, 3]);
  });
  expect(memory().arena.reservedBytes).toBeLessThan(reservedBytes);
  trimMemory();
  expect(memory().arena.reservedBytes).toBe(0);
  expect(trimMemory()).toBe(0);
  expect(accounted()).toBe(beside);
});

test('A plan goes on computing in its own memory after everything else was trimmed', async () => {
  const { plan, tensor, trimMemory, zeros, Parameter } = await freshLibrary();
  const w = new Parameter(zeros([3]).add(2));
  const step = plan((x: InstanceType<typeof import('../../src/index.ts')['Tensor']>) => x.mul(w).add(1));
  expect(step(tensor([1, 2, 3])).toArray()).toEqual([3, 5, 7]);
  trimMemory();
  expect(step(tensor([4, 5, 6])).toArray()).toEqual([9, 11, 13]);
});

test('Large results of a segment survive it, however large blocks were used inside', async () => {
  const { scope, tensor } = await freshLibrary();
  const { segment } = await import('../../src/engine.ts');
  const n = 3 * MiB;
  const x = tensor([1]).expand([n]);
  scope(() => {
    const outer = x.add(0);
    const [a, b] = segment(() => {
      const first = x.add(1);
      const longer = tensor([1])
        .expand([n + MiB])
        .add(9);
      const second = first
        .add(1)
        .sub(longer.slice([0, n]))
        .add(10);
      return [second, first.reshape([2, n / 2])];
    }) as [typeof x, typeof x];
    const later = x.add(7);
    for (const [y, value] of [
      [outer, 1],
      [a, 3],
      [b, 2],
      [later, 8],
    ] as const) {
      expect([y.min().item(), y.max().item()]).toEqual([value, value]);
    }
  });
});
