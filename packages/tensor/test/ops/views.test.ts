import { expect, test } from 'vitest';
import { arange, chunk, Parameter, split, tensor, zeros } from '../../src/index.ts';

const block = () => arange(24).reshape([2, 3, 4]);

test('Strides say how far neighbors lie from each other', () => {
  const x = block();
  expect(x.strides).toEqual([12, 4, 1]);
  expect(x.permute([2, 0, 1]).strides).toEqual([1, 12, 4]);
  expect(x.transpose().strides).toEqual([12, 1, 4]);
  expect(x.flip(1).strides).toEqual([12, -4, 1]);
  expect(x.slice(null, [0, 3, 2]).strides).toEqual([12, 8, 1]);
  expect(x.select(1, 1).strides).toEqual([12, 1]);
  expect(x.slice(0, 0).expand([5, 4]).strides).toEqual([0, 1]);
  expect(x.reshape([6, 4]).strides).toEqual([4, 1]);
});

test('Views share the storage, and only a reshape that no strides express copies', () => {
  const x = block();
  const views = [
    x.permute([2, 0, 1]),
    x.transpose(),
    x.flip(),
    x.slice([1, 2], null, [0, 4, 2]),
    x.select(-1, 2),
    x.unsqueeze(0).expand([7, 2, 3, 4]),
    x.reshape([24]),
    x.detach(),
    ...x.split([1, 2], 1),
    ...x.chunk(2, 2),
  ];
  for (const view of views) expect(view.storage).toBe(x.storage);
  expect(x.transpose().reshape([24]).storage).not.toBe(x.storage);
});

test('A view of a parameter follows it; a copy of the view does not', () => {
  const w = new Parameter(
    tensor([
      [1, 2],
      [3, 4],
    ]),
  );
  const [view, copy] = [w.transpose(), w.transpose().reshape([4])];
  w.assign(
    tensor([
      [5, 6],
      [7, 8],
    ]),
  );
  expect(view.toArray()).toEqual([
    [5, 7],
    [6, 8],
  ]);
  expect(copy.toArray()).toEqual([1, 3, 2, 4]);
});

test('A slice takes positions, ranges, steps and everything, with ends beyond the size cut off', () => {
  const x = arange(10);
  const parts = [
    x.slice([3]),
    x.slice([-3]),
    x.slice([2, -2]),
    x.slice([0, 99, 4]),
    x.slice([-99, 3]),
    x.slice([5, 2]),
    x.slice(null),
    x.slice(),
  ].map((part) => part.toArray());
  expect(parts).toEqual([
    [3, 4, 5, 6, 7, 8, 9],
    [7, 8, 9],
    [2, 3, 4, 5, 6, 7],
    [0, 4, 8],
    [0, 1, 2],
    [],
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
  ]);
  expect(block().slice(1, [0, 2], -1).toArray()).toEqual([15, 19]);
});

test('split and chunk cut along an axis into parts that join to the whole', () => {
  const x = block();
  expect(split(x, [1, 0, 2], 1).map((part) => part.shape)).toEqual([
    [2, 1, 4],
    [2, 0, 4],
    [2, 2, 4],
  ]);
  expect(chunk(x, 2, -1).map((part) => part.select(0).toArray())).toEqual([
    [
      [0, 1],
      [4, 5],
      [8, 9],
    ],
    [
      [2, 3],
      [6, 7],
      [10, 11],
    ],
  ]);
  expect(split(zeros([0, 2]), []).length).toBe(0);
});

test('squeeze drops the axes of size 1: all, or the named ones', () => {
  const x = zeros([1, 3, 1, 2]);
  expect(x.squeeze().shape).toEqual([3, 2]);
  expect(x.squeeze(-2).shape).toEqual([1, 3, 2]);
  expect(x.squeeze([0, 2]).shape).toEqual([3, 2]);
  expect(zeros([1, 1]).squeeze().shape).toEqual([]);
});

test('A transpose names its axes in any order, from either end', () => {
  const x = arange(6).reshape([2, 3]);
  const turned = [
    [0, 3],
    [1, 4],
    [2, 5],
  ];
  for (const [a, b] of [
    [0, 1],
    [1, 0],
    [-1, 0],
    [-2, -1],
    [-1, -2],
    [0, -1],
  ]) {
    expect(x.transpose(a, b).toArray()).toEqual(turned);
  }
  expect(x.transpose(0, 0).toArray()).toEqual(x.toArray());
});
