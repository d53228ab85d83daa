/** `split` and `unstack` return tuples where the compiler knows how many parts there are. */
import { ones, type Tensor } from '@chronograd/tensor';
import { expect, expectTypeOf, test } from 'vitest';

test('split of literal sizes is a tuple of that length', () => {
  const parts = ones([2, 5]).split([2, 3], -1);
  expectTypeOf(parts).toEqualTypeOf<[Tensor, Tensor]>();
  const [h, c] = parts;
  expect([h.shape, c.shape]).toEqual([
    [2, 2],
    [2, 3],
  ]);
  const sizes: number[] = [1, 1];
  expectTypeOf(ones([2]).split(sizes)).toEqualTypeOf<Tensor[]>();
});

test('unstack with a count is a tuple of that length', () => {
  const parts = ones([4, 2]).unstack(-1, 2);
  expectTypeOf(parts).toEqualTypeOf<[Tensor, Tensor]>();
  expect(parts.map((each) => each.shape)).toEqual([[4], [4]]);
  expectTypeOf(ones([3]).unstack()).toEqualTypeOf<Tensor[]>();
  expect(ones([3]).unstack()).toHaveLength(3);
});
