import { inspect } from 'node:util';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { arange, full, Parameter, ShapeError, tensor, zeros } from '../src/index.ts';
import { laid, layouts, plains, shapes } from './arbitraries.ts';
import { nested } from './model.ts';

test('toArray gives the nested arrays that a tensor was made of, however it lies in memory', () => {
  fc.assert(
    fc.property(
      shapes(3).chain((shape) => plains(shape)),
      layouts,
      (model, layout) => {
        expect(laid(model, 'float64', layout).toArray()).toEqual(nested(model));
        expect([...laid(model, 'float32', layout).toTypedArray()]).toEqual(model.data);
      },
    ),
    { seed: 1, numRuns: 200 },
  );
});

test('item is the one element, whatever the shape', () => {
  expect(tensor(5).item()).toBe(5);
  expect(tensor([[7]]).item()).toBe(7);
  expect(arange(4).slice([2, 3]).item()).toBe(2);
  for (const x of [zeros([2]), zeros([0]), zeros([1, 2])]) expect(() => x.item()).toThrow(ShapeError);
});

test('size, rank, strides and dtype describe the tensor', () => {
  const x = zeros([2, 0, 3], { dtype: 'int32' });
  expect([x.size, x.rank, x.dtype]).toEqual([0, 3, 'int32']);
  expect(full([2, 3], 1).strides).toEqual([3, 1]);
  expect(tensor(1).strides).toEqual([]);
});

test('The console shows tensors and parameters as text', () => {
  expect(inspect(tensor([1, 2]))).toBe('[1, 2] float32 [2]');
  expect(inspect({ w: new Parameter(tensor([0.5])) })).toBe('{ w: [0.5] float32 [1] }');
});

test('JSON has the elements of a tensor', () => {
  expect(
    JSON.stringify({
      x: tensor([
        [1, 2],
        [3, 4],
      ]).transpose(),
    }),
  ).toBe('{"x":[[1,3],[2,4]]}');
});

test('toEqual tells tensors of other elements, shapes and dtypes apart', () => {
  expect(tensor([1, 2])).toEqual(tensor([1, 2]));
  expect(tensor([1, 2])).not.toEqual(tensor([1, 3]));
  expect(tensor([1, 2])).not.toEqual(tensor([[1, 2]]));
  expect({ x: tensor([1, 2]) }).not.toEqual({ x: tensor([1, 2], { dtype: 'float64' }) });
});
