import { expect, test } from 'vitest';
import { persistentStorage, withRecorder, writePersistent } from '../../src/engine.ts';
import {
  DtypeError,
  gather,
  linear,
  memory,
  ones,
  Parameter,
  ScopeError,
  ShapeError,
  scope,
  stack,
  type Tensor,
  tensor,
  zeros,
} from '../../src/index.ts';
import { elementsOf } from '../../src/memory/storage.ts';

const x = tensor([
  [1, 2],
  [3, 4],
]);

test('A parameter has a separate block with a copy of the values, from any home and layout', () => {
  const before = memory().persistent;
  const source = new Float32Array([1, 2, 3, 4]);
  const made = [
    new Parameter(tensor(source, { shape: [2, 2] })),
    new Parameter(x.transpose().transpose()),
    new Parameter(new Parameter(x)),
    new Parameter(x.reshape([2, 2])),
    scope(() => new Parameter(x.mul(1))),
    new Parameter(stack([zeros([2, 2]), x]).select(1)),
    scope(() => new Parameter(stack([zeros([2, 2]), x]).select(1))),
    new Parameter(x.flip(0)).slice([0, 2]).flip(0),
  ];
  source.fill(9);
  scope(() => x.mul(5));
  for (const w of made)
    expect(w.toArray()).toEqual([
      [1, 2],
      [3, 4],
    ]);
  expect(memory().persistent.tensors - before.tensors).toBe(9);
  expect(memory().persistent.bytes - before.bytes).toBe(9 * 16);
});

test('assign overwrites the values from any home and layout, itself turned around included', () => {
  const w = new Parameter(x);
  w.assign(ones([2, 2]));
  expect(w.toArray()).toEqual([
    [1, 1],
    [1, 1],
  ]);
  w.assign(x.transpose());
  expect(w.toArray()).toEqual([
    [1, 3],
    [2, 4],
  ]);
  w.assign(w.transpose());
  expect(w.toArray()).toEqual([
    [1, 2],
    [3, 4],
  ]);
  w.assign(w.flip());
  expect(w.toArray()).toEqual([
    [4, 3],
    [2, 1],
  ]);
  w.assign(tensor([5]).expand([2, 2]));
  expect(w.toArray()).toEqual([
    [5, 5],
    [5, 5],
  ]);
  w.assign(stack([zeros([2, 2]), w]).select(1));
  scope(() => w.assign(w.mul(2)));
  expect(w.toArray()).toEqual([
    [10, 10],
    [10, 10],
  ]);
});

test('An assign that throws leaves the values and the version', () => {
  const w = new Parameter(x);
  const { version } = w.storage;
  expect(() => w.assign(zeros([2]))).toThrow(ShapeError);
  expect(() => w.assign(zeros([4, 1]))).toThrow(ShapeError);
  expect(() => w.assign(zeros([2, 2], { dtype: 'float64' }))).toThrow(DtypeError);
  expect(() => w.assign(undefined as unknown as Tensor)).toThrow('assign: expected a tensor, got undefined');
  expect(w.toArray()).toEqual(x.toArray());
  expect(w.storage.version).toBe(version);
});

test('Every write raises the version, also one that throws halfway', () => {
  const w = new Parameter(x);
  const versions = [w.storage.version];
  w.assign(x);
  versions.push(w.storage.version);
  writePersistent(w.storage, 'test', () => {});
  versions.push(w.storage.version);
  expect(() =>
    writePersistent(w.storage, 'test', () => {
      throw new Error('halfway');
    }),
  ).toThrow('halfway');
  versions.push(w.storage.version);
  expect(versions).toEqual([0, 1, 2, 3]);
});

test('Open recorders are asked before a write, and can throw', () => {
  const w = new Parameter(x);
  const asked: string[] = [];
  const recorder = {
    record: () => {},
    beforeWrite: (_: unknown, what: string) => {
      asked.push(what);
      throw new Error('still needed');
    },
  };
  expect(() => withRecorder(recorder, () => w.assign(ones([2, 2])))).toThrow('still needed');
  expect(asked).toEqual(['assign']);
  expect(w.toArray()).toEqual(x.toArray());
  expect(w.storage.version).toBe(0);
});

test('Only parameters and optimizer state can be written in place', () => {
  for (const storage of [x.storage, scope(() => x.mul(2)).storage]) {
    expect(() => writePersistent(storage, 'test', () => {})).toThrow(ScopeError);
  }
  scope(() => {
    expect(() => writePersistent(x.mul(2).storage, 'test', () => {})).toThrow(ScopeError);
  });
});

test('Disposing of a parameter frees its block and its packed forms at once', () => {
  const before = memory().persistent;
  const w = new Parameter(x);
  x.matmul(w.transpose());
  gather(w.transpose(), tensor([0], { dtype: 'int32' }));
  expect(memory().persistent.tensors).toBeGreaterThan(before.tensors + 1);
  w[Symbol.dispose]();
  expect(memory().persistent).toEqual(before);
  w[Symbol.dispose]();
  expect(memory().persistent).toEqual(before);
});

test('A parameter is disposed of at the end of a using block', () => {
  const before = memory().persistent;
  {
    using w = new Parameter(x);
    expect(x.add(w).sum().item()).toBe(20);
    expect(memory().persistent.tensors).toBe(before.tensors + 1);
  }
  expect(memory().persistent).toEqual(before);
});

test('Every later use of a disposed parameter throws, through its views and packed forms too', () => {
  const w = new Parameter(x);
  const turned = w.transpose();
  x.matmul(turned);
  w[Symbol.dispose]();
  // Its block belongs to another now.
  const next = new Parameter(x.mul(100));
  const uses: (() => unknown)[] = [
    () => w.toArray(),
    () => w.add(1),
    () => x.matmul(w),
    () => x.matmul(w.transpose()),
    () => x.matmul(turned),
    () => linear(x, w),
    () => gather(turned, tensor([0], { dtype: 'int32' })),
    () => w.assign(x),
    () => turned.sum(),
    () => scope(() => turned),
    () => new Parameter(w),
  ];
  const before = memory().persistent.tensors;
  for (const use of uses) {
    expect(use).toThrow(ScopeError);
    expect(use).toThrow('was used after it had been disposed of');
  }
  expect(memory().persistent.tensors).toBe(before);
  expect(next.sum().item()).toBe(1000);
});

test('A block is cleared when it is allocated, also in reused memory', () => {
  const w = new Parameter(ones([100]));
  const { address } = w.storage;
  w[Symbol.dispose]();
  const state = persistentStorage('float32', 100, 'state');
  expect(state.address).toBe(address);
  expect([...elementsOf(state)]).toEqual(new Array(100).fill(0));
});
