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
      ShapeError: reshape: [2, 3] to [4]: expected 4 elements, got 6; sizes must multiply to the same number, and at most one may be -1
    x.reshape([4, -1])
      ShapeError: reshape: [2, 3] to [4, -1]: expected a multiple of 4 elements, got 6; sizes must multiply to the same number, and at most one may be -1
    x.reshape([-1, -1])
      ShapeError: reshape: [2, 3] to [-1, -1]: expected a multiple of 1 elements, got 6; sizes must multiply to the same number, and at most one may be -1
    zeros([0, 3]).reshape([0, -1])
      ShapeError: reshape: [0, 3] to [0, -1]: expected a multiple of 0 elements, got 0; sizes must multiply to the same number, and at most one may be -1
    x.reshape(3, 2)
      ShapeError: reshape: expected an array of numbers for the shape, such as [2, 3], got 3
    x.permute([0, 0])
      ShapeError: permute: expected each axis of [2, 3] once as the order, got [0, 0]
    x.permute(1, 0)
      ShapeError: permute: expected an array of numbers for the order, such as [0, 1], got 1
    x.transpose(0, 2)
      ShapeError: transpose: expected an axis from -2 to 1, got 2
    x.transpose(0, -3)
      ShapeError: transpose: expected an axis from -2 to 1, got -3
    zeros([3]).transpose()
      ShapeError: transpose: expected an axis from -1 to 0, got -2
    x.expand([3, 3])
      ShapeError: expand: [2, 3] does not broadcast to [3, 3]; aligned at the last axis, sizes must be equal or 1
    x.expand([3])
      ShapeError: expand: [2, 3] does not broadcast to [3]; aligned at the last axis, sizes must be equal or 1
    x.flip(2)
      ShapeError: flip: expected an axis from -2 to 1, got 2
    x.unsqueeze(3)
      ShapeError: unsqueeze: expected an axis from -3 to 2, got 3
    x.squeeze(0)
      ShapeError: squeeze: expected size 1 for axis 0 of [2, 3], got 2
    x.sum(2)
      ShapeError: sum: expected an axis from -2 to 1, got 2
    x.sum([1, -1])
      ShapeError: sum: expected each axis once, got axis 1 twice
    x.sum('rows')
      ShapeError: sum: expected an array of numbers for the axes, such as [0, 1], got "rows"
    x.select(2)
      ShapeError: select: expected a position from -2 to 1 for axis 0 of [2, 3], got 2
    x.select(0.5)
      ShapeError: select: expected a position from -2 to 1 for axis 0 of [2, 3], got 0.5
    zeros([0]).select(0)
      ShapeError: select: expected no position, since its size is 0 for axis 0 of [0], got 0
    x.slice(0, 0, 0)
      ShapeError: slice: expected at most 2 ranges for shape [2, 3], got 3
    x.slice([2, 0, -1])
      ShapeError: slice: expected whole numbers and a step from 1 on, got range [2, 0, -1]; x.flip() reverses
    x.slice('0:1')
      ShapeError: slice: expected a position, [start, end?, step?] or null, got "0:1"
    x.split([1, 2])
      ShapeError: split: expected whole sizes that add up to 2 for axis 0 of [2, 3], got [1, 2]
    x.split(1)
      ShapeError: split: expected an array of numbers for the sizes, such as [0, 1], got 1
    x.chunk(2, 1)
      ShapeError: chunk: expected a number of parts that divides the size of axis 1 of [2, 3], got 2; split(…) makes uneven parts
    x.pad([[1, -1]])
      ShapeError: pad: expected at most 2 pairs [before, after] of whole numbers from 0 on for [2, 3], got widths [[1, -1]]
    x.pad([1, 1])
      ShapeError: pad: expected at most 2 pairs [before, after] of whole numbers from 0 on for [2, 3], got widths [1, 1]
    x.item()
      ShapeError: item: expected exactly one element, got shape [2, 3]; use toArray() for more
    "
  `);
});
