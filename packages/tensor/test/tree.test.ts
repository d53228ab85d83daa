import { expect, test } from 'vitest';
import { plan, scope, type Tensor, tensor } from '../src/index.ts';

test('A hole in an array of tensors stays a hole in the result of a scope and in the arguments of a plan', () => {
  const a = tensor([1, 2]);
  // biome-ignore lint/suspicious/noSparseArray: the hole is what is tested
  const sparse = [, a] as Tensor[];
  const kept = scope(() => sparse);
  expect([0 in kept, kept.length, kept[1]?.toArray()]).toEqual([false, 2, [1, 2]]);
  const scaled = (list: readonly Tensor[]): Tensor => list[1]!.mul(0 in list ? 2 : 3);
  expect(plan(scaled)(sparse).toArray()).toEqual(scaled(sparse).toArray());
  const last = scope(() => Array<Tensor>(3));
  expect([last.length, 2 in last]).toEqual([3, false]);
});

test('Methods of tensors have the names of their ops, as profilers and spies show them', () => {
  const x = tensor([1]);
  expect([x.add, x.argmax, x.slice, x.detach].map(({ name }) => name)).toEqual([
    'add',
    'argmax',
    'slice',
    'detach',
  ]);
});
