import { expect, test } from 'vitest';
import { zeros } from '../../src/index.ts';
import { messages } from './messages.ts';

const x = zeros([2, 3]);

test('Axes, positions and sizes that are not there are named, with those that are', () => {
  expect(
    messages({
      'x.reshape([4])': () => x.reshape([4]),
      'x.reshape([4, -1])': () => x.reshape([4, -1]),
      'x.reshape([-1, -1])': () => x.reshape([-1, -1]),
      'zeros([0, 3]).reshape([0, -1])': () => zeros([0, 3]).reshape([0, -1]),
      'x.reshape(3, 2)': () => x.reshape(3 as never),
      'x.permute([0, 0])': () => x.permute([0, 0]),
      'x.permute(1, 0)': () => x.permute(1 as never),
      'x.transpose(0, 2)': () => x.transpose(0, 2),
      'x.transpose(0, -3)': () => x.transpose(0, -3),
      'zeros([3]).transpose()': () => zeros([3]).transpose(),
      'x.expand([3, 3])': () => x.expand([3, 3]),
      'x.expand([3])': () => x.expand([3]),
      'x.flip(2)': () => x.flip(2),
      'x.unsqueeze(3)': () => x.unsqueeze(3),
      'x.squeeze(0)': () => x.squeeze(0),
      'x.sum(2)': () => x.sum(2),
      'x.sum([1, -1])': () => x.sum([1, -1]),
      "x.sum('rows')": () => x.sum('rows' as never),
      'x.select(2)': () => x.select(2),
      'x.select(0.5)': () => x.select(0.5),
      'zeros([0]).select(0)': () => zeros([0]).select(0),
      'x.slice(0, 0, 0)': () => x.slice(0, 0, 0),
      'x.slice([2, 0, -1])': () => x.slice([2, 0, -1]),
      "x.slice('0:1')": () => x.slice('0:1' as never),
      'x.split([1, 2])': () => x.split([1, 2]),
      'x.split(1)': () => x.split(1 as never),
      'x.chunk(2, 1)': () => x.chunk(2, 1),
      'x.pad([[1, -1]])': () => x.pad([[1, -1]]),
      'x.pad([1, 1])': () => x.pad([1, 1] as never),
      'x.item()': () => x.item(),
    }),
  ).toMatchInlineSnapshot(`
    "
    x.reshape([4])
      ShapeError: reshape: [2, 3] to [4]: 6 elements came, 4 were expected; sizes must multiply to the same number, and one may be -1 where the others leave no choice
    x.reshape([4, -1])
      ShapeError: reshape: [2, 3] to [4, -1]: 6 elements came, a multiple of 4 were expected; sizes must multiply to the same number, and one may be -1 where the others leave no choice
    x.reshape([-1, -1])
      ShapeError: reshape: [2, 3] to [-1, -1]: 6 elements came, a multiple of 1 were expected; sizes must multiply to the same number, and one may be -1 where the others leave no choice
    zeros([0, 3]).reshape([0, -1])
      ShapeError: reshape: [0, 3] to [0, -1]: 0 elements came, a multiple of 0 were expected; sizes must multiply to the same number, and one may be -1 where the others leave no choice
    x.reshape(3, 2)
      ShapeError: reshape: expected an array of numbers for the shape, such as [2, 3], got 3
    x.permute([0, 0])
      ShapeError: permute: order [0, 0] came for shape [2, 3]; each axis must stand there once
    x.permute(1, 0)
      ShapeError: permute: expected an array of numbers for the order, such as [0, 1], got 1
    x.transpose(0, 2)
      ShapeError: transpose: axis 2 came, but axes run from -2 to 1
    x.transpose(0, -3)
      ShapeError: transpose: axis -3 came, but axes run from -2 to 1
    zeros([3]).transpose()
      ShapeError: transpose: axis -2 came, but axes run from -1 to 0
    x.expand([3, 3])
      ShapeError: expand: [2, 3] does not broadcast to [3, 3]; aligned at the last axis, sizes must be equal or 1
    x.expand([3])
      ShapeError: expand: [2, 3] does not broadcast to [3]; aligned at the last axis, sizes must be equal or 1
    x.flip(2)
      ShapeError: flip: axis 2 came, but axes run from -2 to 1
    x.unsqueeze(3)
      ShapeError: unsqueeze: axis 3 came, but axes run from -3 to 2
    x.squeeze(0)
      ShapeError: squeeze: axis 0 of [2, 3] has size 2, 1 was expected
    x.sum(2)
      ShapeError: sum: axis 2 came, but axes run from -2 to 1
    x.sum([1, -1])
      ShapeError: sum: axis 1 is named twice
    x.sum('rows')
      ShapeError: sum: expected an array of numbers for the axes, such as [0, 1], got "rows"
    x.select(2)
      ShapeError: select: position 2 came for axis 0 of [2, 3]; positions run from -2 to 1
    x.select(0.5)
      ShapeError: select: position 0.5 came for axis 0 of [2, 3]; positions run from -2 to 1
    zeros([0]).select(0)
      ShapeError: select: position 0 came for axis 0 of [0]; it has none
    x.slice(0, 0, 0)
      ShapeError: slice: 3 ranges came for shape [2, 3], which has 2 axes
    x.slice([2, 0, -1])
      ShapeError: slice: range [2, 0, -1] came, whole numbers and a step from 1 on were expected; x.flip() reverses
    x.slice('0:1')
      ShapeError: slice: "0:1" came, a position, [start, end?, step?] or null was expected
    x.split([1, 2])
      ShapeError: split: sizes [1, 2] came for axis 0 of [2, 3]; they must add up to 2
    x.split(1)
      ShapeError: split: expected an array of numbers for the sizes, such as [0, 1], got 1
    x.chunk(2, 1)
      ShapeError: chunk: 2 parts came for axis 1 of [2, 3]; its size must be a multiple; split(…) makes uneven parts
    x.pad([[1, -1]])
      ShapeError: pad: widths [[1, -1]] came for [2, 3]; at most 2 pairs [before, after] of whole numbers from 0 on were expected
    x.pad([1, 1])
      ShapeError: pad: widths [1, 1] came for [2, 3]; at most 2 pairs [before, after] of whole numbers from 0 on were expected
    x.item()
      ShapeError: item: shape [2, 3] came, exactly one element was expected; use toArray() for more
    "
  `);
});
