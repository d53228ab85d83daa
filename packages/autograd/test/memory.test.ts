import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import {
  linear,
  memory,
  normal,
  Parameter,
  Random,
  ScopeError,
  scope,
  type Tensor,
  tensor,
  zeros,
} from '@chronograd/tensor';
import { sgdUpdate } from '@chronograd/tensor/engine';
import { afterEach, expect, test, vi } from 'vitest';
import { arena } from '../../tensor/src/memory/arena.ts';
import { heap } from '../../tensor/src/memory/heap.ts';
import { grad, valueAndGrad } from '../src/index.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

const [B, F, H] = [2, 3, 4];

function recurrentNet(seed = 1) {
  const random = new Random(seed);
  const model = {
    wIh: new Parameter(normal([H, F], { random })),
    wHh: new Parameter(normal([H, H], { random })),
    bias: new Parameter(normal([H], { random })),
  };
  const lossAndGrads = valueAndGrad(model, (xs: Tensor, state: Tensor) => {
    let h = state;
    for (let t = 0; t < xs.shape[0]!; t++) {
      h = linear(xs.select(t), model.wIh, linear(h, model.wHh, model.bias)).tanh();
    }
    return { value: h.square().mean(), aux: h };
  });
  const inputs = (steps: number) => normal([steps, B, F], { random });
  return { model, lossAndGrads, inputs };
}

const numbersOf = (tree: Readonly<Record<string, Tensor>>) => Object.values(tree).map((x) => x.toArray());

test('20,000 steps of a loop as a user writes it leave memory where step 1,000 had it', () => {
  const script = fileURLToPath(new URL('./children/training.mjs', import.meta.url));
  if (!existsSync(new URL('../dist/index.js', import.meta.url)))
    throw new Error('not built: run "pnpm build"');
  // A young generation of fixed size. The default one grows by megabytes during warm-up, which does
  // not show leaks.
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    ['--max-semi-space-size=2', script, '1000', '20000'],
    { encoding: 'utf8', env: { ...process.env, NODE_OPTIONS: '' } },
  );
  expect(status, stderr).toBe(0);
  const { early, late, loss } = JSON.parse(stdout) as {
    early: { memory: object; resident: number };
    late: { memory: object; resident: number };
    loss: number;
  };
  expect(late.memory).toEqual(early.memory);
  // 8 MiB in 19,000 steps: 440 bytes a step would be noticed.
  expect(late.resident - early.resident).toBeLessThan(8 * 2 ** 20);
  // It has learned something: ln 12 = 2.48 is what guessing costs.
  expect(loss).toBeLessThan(1);
});

test('Steps of differing length leave no memory behind, and the arena stays as large as the longest', () => {
  const { model, lossAndGrads, inputs } = recurrentNet();
  const step = (length: number) => {
    const { grads } = lossAndGrads(inputs(length), zeros([B, H]));
    for (const name of ['wIh', 'wHh', 'bias'] as const) sgdUpdate(model[name], grads[name], 0.01);
  };
  step(200);
  step(1);
  const before = memory();
  for (let i = 0; i < 100; i++) step(1 + ((37 * i) % 200));
  expect(memory()).toEqual(before);
});

test('Gradients, values and states stay true while later calls run in the memory they came from', () => {
  const { lossAndGrads, inputs } = recurrentNet();
  const [a, b] = [inputs(5), inputs(5)];
  const first = lossAndGrads(a, zeros([B, H]));
  const expected = [first.value.item(), numbersOf(first.grads), first.aux.toArray()];
  for (let i = 0; i < 100; i++) lossAndGrads(b, first.aux);
  expect([first.value.item(), numbersOf(first.grads), first.aux.toArray()]).toEqual(expected);
  const second = lossAndGrads(b, zeros([B, H]));
  const alone = second.grads.wHh.toTypedArray();
  const sum = first.grads.wHh.add(second.grads.wHh);
  expect([...sum.toTypedArray()]).toEqual(
    [...first.grads.wHh.toTypedArray()].map((g, i) => Math.fround(g + alone[i]!)),
  );
});

test('Growing the memory with every allocation of a forward and backward pass changes no bit', () => {
  const { lossAndGrads, inputs } = recurrentNet();
  const [xs, h] = [inputs(6), zeros([B, H])];
  const run = () => {
    const { value, grads, aux } = lossAndGrads(xs, h);
    return [value.item(), numbersOf(grads), aux.toArray()];
  };
  const expected = run();
  const allocate = arena.allocate.bind(arena);
  const before = heap.byteLength;
  vi.spyOn(arena, 'allocate').mockImplementation((bytes) => {
    const address = allocate(bytes);
    heap.grow(heap.byteLength + 65536);
    return address;
  });
  expect(run()).toEqual(expected);
  expect(heap.byteLength).toBeGreaterThan(before + 50 * 65536);
});

test('A differentiated function computes at the same addresses in every call', () => {
  const x = tensor([
    [0.1, 0.2],
    [0.3, 0.4],
  ]);
  const addresses = () => {
    const seen: number[] = [];
    const note = (y: Tensor) => {
      seen.push(y.storage.address);
      return y;
    };
    const { grads } = valueAndGrad((w: Tensor) => note(note(x.matmul(w)).tanh()).sum())(x);
    return [...seen, grads.storage.address];
  };
  const first = addresses();
  scope(() => x.mul(2).exp());
  x.add(1);
  expect(addresses()).toEqual(first);
});

test('A tensor that left a differentiated function by a closure throws when it is touched', () => {
  const x = tensor([1, 2]);
  let leaked: Tensor | undefined;
  grad((w: Tensor) => {
    leaked = w.mul(3);
    return leaked.sum();
  })(x);
  expect(() => leaked?.toArray()).toThrow(ScopeError);
  expect(() => leaked?.add(1)).toThrow('a tensor made by mul was used after the function');
  expect(() => grad((w: Tensor) => w.mul(leaked!).sum())(x)).toThrow(ScopeError);
  expect(grad((w: Tensor) => w.mul(w).sum())(x).toArray()).toEqual([2, 4]);
});

test('A gradient within a scope, or within another gradient, lives in the outer one and ends with it', () => {
  const x = tensor([1, 2]);
  const cube = (w: Tensor) => w.mul(w).mul(w).sum();
  let inner: Tensor | undefined;
  const result = scope(() => {
    inner = grad(cube)(x);
    return inner.add(1);
  });
  expect(result.toArray()).toEqual([4, 13]);
  expect(() => inner?.toArray()).toThrow(ScopeError);
  const second = grad((w: Tensor) => {
    inner = grad(cube)(w);
    return inner.sum();
  })(x);
  expect(second.toArray()).toEqual([6, 12]);
  expect(() => inner?.toArray()).toThrow(ScopeError);
});

test('A call that throws, for a promise too, leaves memory as it was, and the next is right', () => {
  const { lossAndGrads, inputs } = recurrentNet();
  const [xs, h] = [inputs(3), zeros([B, H])];
  const expected = numbersOf(lossAndGrads(xs, h).grads);
  const before = memory();
  const w = tensor([1, 2]);
  expect(() => lossAndGrads(xs, zeros([B, H + 1]))).toThrow('linear');
  expect(() =>
    grad((v: Tensor): Tensor => {
      v.exp().sum();
      throw new Error('stop');
    })(w),
  ).toThrow('stop');
  expect(() => grad((async (v: Tensor) => v.sum()) as never)(w)).toThrow(ScopeError);
  expect(memory()).toEqual(before);
  expect(numbersOf(lossAndGrads(xs, h).grads)).toEqual(expected);
});
