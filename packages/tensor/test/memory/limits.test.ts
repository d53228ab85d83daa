import { expect, test, vi } from 'vitest';
import {
  memory,
  OutOfMemoryError,
  ones,
  Parameter,
  scope,
  setMemoryLimit,
  type Tensor,
  tensor,
  zeros,
} from '../../src/index.ts';
import { child } from './child.ts';

const x = tensor([1, 2, 3]);

/** Runs `body` with a heap that may not grow. */
function cramped<R>(body: () => R): R {
  setMemoryLimit(memory().heapBytes);
  try {
    return body();
  } finally {
    setMemoryLimit(2 ** 32);
  }
}

function errorOf(act: () => unknown): unknown {
  try {
    act();
  } catch (error) {
    return error;
  }
  return undefined;
}

const large = () => x.select(0).expand([memory().heapBytes]);
const overflows: Readonly<Record<string, () => unknown>> = {
  'one op': () => large().neg(),
  'a copy for a kernel': () => zeros([memory().heapBytes]).sum(),
  'a parameter': () => new Parameter(zeros([memory().heapBytes])),
  'a scope that piles up': () =>
    scope(() => {
      let y: Tensor = zeros([100_000]);
      for (;;) y = y.add(1);
    }),
};

test.each(Object.keys(overflows))(
  'Out of memory, a typed error reports the requested size, and the library keeps working: %s',
  (name) => {
    const w = new Parameter(x);
    const [inside, before] = [scope(() => x.mul(2)), memory()];
    const error = cramped(() => errorOf(overflows[name]!));
    expect(error).toBeInstanceOf(OutOfMemoryError);
    const { requested, heapBytes, message } = error as OutOfMemoryError;
    expect(heapBytes).toBe(before.heapBytes);
    expect(requested).toBeGreaterThan(0);
    expect(message).toContain(`${requested} bytes asked for, the heap holds ${heapBytes}`);

    const after = memory();
    expect(after.persistent).toEqual(before.persistent);
    expect(after.heapBytes).toBe(before.heapBytes);
    expect(after.arena.tensors).toBe(0);
    expect(inside.add(w).toArray()).toEqual([3, 6, 9]);
    expect(cramped(() => scope(() => x.add(w))).toArray()).toEqual([2, 4, 6]);
  },
);

test('Once the limit is raised, what did not fit fits', () => {
  const size = memory().heapBytes;
  const act = () => ones([size]).add(1).sum().item();
  expect(errorOf(() => cramped(act))).toBeInstanceOf(OutOfMemoryError);
  expect(act()).toBe(2 * size);
});

test('The last bit of memory is used: small work goes on where no large piece is left', async () => {
  vi.resetModules();
  const fresh = await import('../../src/index.ts');
  const { heapBytes } = fresh.memory();
  fresh.setMemoryLimit(heapBytes);
  // What is left is less than the arena takes at a time.
  const filler = new fresh.Parameter(fresh.zeros([heapBytes / 4 - 2 ** 16]));
  const small = fresh.tensor([1, 2, 3]);
  expect(fresh.scope(() => small.add(1).mul(2)).toArray()).toEqual([4, 6, 8]);
  expect(() => fresh.zeros([2 ** 16]).add(1)).toThrow(fresh.OutOfMemoryError);
  filler[Symbol.dispose]();
  expect(
    fresh
      .zeros([2 ** 16])
      .add(1)
      .sum()
      .item(),
  ).toBe(2 ** 16);
});

test('With little memory the library throws a typed error, keeps working, and loses no tensor', () => {
  const report = child('out-of-memory.mjs', ['--wasm-max-mem-pages=128']) as Record<string, unknown>;
  expect(report).toMatchObject({
    parameter: { typed: true, name: 'OutOfMemoryError' },
    scope: { typed: true, name: 'OutOfMemoryError' },
    persistentUnchanged: true,
    arena: 0,
    sums: true,
    works: 2000,
  });
  expect((report.parameter as OutOfMemoryError).heapBytes).toBeLessThanOrEqual(128 * 65536);
  expect(report.held).toBeGreaterThan(30);
});
