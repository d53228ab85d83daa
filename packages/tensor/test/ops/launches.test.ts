/** Which kernels ops launch: one where the operands allow it, and no copies of the others. */
import { expect, test } from 'vitest';
import {
  arange,
  concat,
  einsum,
  linear,
  Parameter,
  scope,
  stack,
  type Tensor,
  tensor,
  where,
  zeros,
} from '../../src/index.ts';
import { addInto } from '../../src/ops/binary.ts';
import { crossEntropyGrad } from '../../src/ops/loss.ts';
import { launches } from '../launches.ts';

const block = (...shape: number[]): Tensor => arange(shape.reduce((a, b) => a * b, 1)).reshape(shape);

const x = block(3, 4);

test.each<[string, Tensor, Tensor | number]>([
  ['one shape', x, x],
  ['a number', x, 2],
  ['a bias over a batch', x, block(4)],
  ['a column over a row', block(3, 1), block(4)],
  ['rows of a larger matrix', x, block(3, 8).slice(null, [2, 6])],
  ['an expanded column', x, block(3, 1).expand([3, 4])],
  ['a column of a matrix, beside a last axis of size 1', block(3, 1), block(3, 1, 5).select(2, 0)],
  ['slices with last axes of size 1', block(3, 4, 1, 1), block(3, 8, 1, 1).slice(null, [2, 6])],
])('An op of two operands is one launch without a copy: %s', (_, a, b) => {
  expect(launches(() => a.mul(b))).toEqual({ mul: 1 });
});

test('An op of two operands copies only one whose neighbors along the last axis are apart', () => {
  expect(launches(() => x.mul(block(4, 3).transpose()))).toEqual({ copy: 1, mul: 1 });
  expect(launches(() => x.mul(block(3, 8).slice(null, [0, 8, 2])))).toEqual({ copy: 1, mul: 1 });
});

test.each<[string, (block: Tensor) => Tensor, Record<string, number>]>([
  ['is one launch', (block) => block.slice([0, 3], [0, 4]).add(0), { add: 1 }],
  ['is one launch for rows of a larger matrix', (block) => block.slice([0, 3], [0, 4]), { add: 1 }],
  [
    'copies a target whose neighbors along the last axis are apart',
    (block) => block.slice([0, 4], [0, 3]).transpose(),
    { copy: 2, add: 1 },
  ],
])('addInto %s', (_, targetIn, expected) => {
  scope(() => {
    const target = targetIn(zeros([8, 8]).add(1));
    expect(launches(() => addInto(target, x))).toEqual(expected);
    expect(target.toArray()).toEqual(x.add(1).toArray());
  });
});

test('An op without elements launches nothing, also where its other axes are huge', () => {
  const empty = zeros([2 ** 40, 0, 3]);
  expect(launches(() => concat([empty, empty], 1))).toEqual({});
  expect(launches(() => concat([zeros([0, 2 ** 40]), zeros([0, 2 ** 40])], 1))).toEqual({});
  expect(launches(() => empty.add(empty))).toEqual({});
  expect(launches(() => empty.add(1))).toEqual({});
  expect(launches(() => addInto(empty, empty))).toEqual({});
  expect(launches(() => empty.sum(2))).toEqual({});
  expect(launches(() => empty.max(2))).toEqual({});
  expect(launches(() => empty.argmax(2))).toEqual({});
  expect(launches(() => zeros([0, 3, 4]).matmul(zeros([0, 5, 4]).transpose()))).toEqual({});
  expect(launches(() => zeros([2 ** 40, 0, 3, 4]).matmul(zeros([2 ** 40, 1, 4, 0])))).toEqual({});
  expect(
    launches(() =>
      zeros([4, 5])
        .expand([2 ** 40, 1, 4, 5])
        .matmul(zeros([0, 5, 3])),
    ),
  ).toEqual({});
  expect(launches(() => zeros([0, 2 ** 40]).matmul(zeros([2 ** 40, 0])))).toEqual({});
  expect(launches(() => zeros([3, 0]).matmul(zeros([5, 0]).transpose()))).not.toHaveProperty('transpose');
  expect(launches(() => zeros([2, 0]).argsort())).toEqual({});
});

test('A reduction over neighboring axes is one launch without a copy, over no axes none at all', () => {
  const y = block(2, 3, 4, 5);
  for (const axes of [undefined, 0, 1, 3, [0, 1], [1, 2], [2, 3], [1, 2, 3]])
    expect(launches(() => y.sum(axes))).toEqual({ sum: 1 });
  expect(launches(() => y.sum([0, 2]))).toHaveProperty('copy');
  expect(launches(() => y.argmax(2))).toEqual({ argmax: 1 });
  expect(launches(() => y.sum([]))).toEqual({});
});

test('Views launch nothing', () => {
  const y = block(2, 3, 4);
  const views = (): Tensor[] => [
    ...[y.transpose(), y.permute([2, 0, 1]), y.flip(), y.expand([5, 2, 3, 4]), y.detach()],
    ...[y.slice(0, [1]), y.slice(null, null, [0, 4, 2]), y.select(1, 1), y.transpose().select(0)],
    ...[...y.chunk(2), ...y.split([1, 3], -1), ...y.unstack(1)],
    ...[y.reshape([4, 6]), y.unsqueeze(1).squeeze(), y.transpose().reshape([2, 4, 3]), y.cast('float32')],
  ];
  expect(launches(views)).toEqual({});
});

const indices = tensor([0, 2, 2], { dtype: 'int32' });

test.each<[string, () => Tensor, Record<string, number>]>([
  ['a product with rows of a larger matrix', () => x.matmul(block(4, 8).slice(null, [2, 5])), { matmul: 1 }],
  ['a product of a transposed matrix', () => block(4, 3).transpose().matmul(block(4, 2)), { matmul: 1 }],
  ['a product over leading axes', () => block(2, 3, 4).matmul(block(4, 5)), { matmul: 1 }],
  ['two products', () => block(2, 3, 4).matmul(block(2, 4, 5)), { matmul: 2 }],
  [
    'two products with rows of larger matrices',
    () => block(2, 3, 4).matmul(block(2, 4, 8).slice(null, null, [2, 5])),
    { matmul: 2 },
  ],
  [
    'two products with transposed matrices',
    () => block(2, 3, 4).matmul(block(2, 5, 4).transpose()),
    { copy: 2, matmul: 2 },
  ],
  ['a sum of products over letters', () => einsum('ij,jk->ik', x, block(4, 2)), { matmul: 1 }],
  ['a product of elements, of an even number', () => block(8).prod(), { mul: 3 }],
  ['running sums, in log₂ n passes', () => block(4).cumsum(0), { add: 2, copy: 4 }],
  ['a row as a column', () => block(1, 4).transpose().exp(), { exp: 1 }],
  ['a column as a row', () => block(4, 1).transpose().exp(), { exp: 1 }],
  ['a product with a row as a column', () => x.matmul(block(1, 4).transpose()), { matmul: 1 }],
  [
    'axes that lie one after the other',
    () => block(2, 3, 4, 5).slice(null, [0, 2]).exp(),
    { copy: 1, exp: 1 },
  ],
  [
    'axes that lie before a gap',
    () => block(2, 3, 4, 5).slice(null, null, null, [0, 2]).exp(),
    { copy: 1, exp: 1 },
  ],
  ['axes of size 1 between others', () => block(3, 1, 4).permute([2, 1, 0]).exp(), { copy: 1, exp: 1 }],
  ['rows joined', () => concat([x, x]), { copy: 2 }],
  ['rows stacked', () => stack([x, x]), { copy: 2 }],
  ['a choice in one shape and dtype', () => where(x, x, x), { where: 1 }],
  ['rows by index', () => x.gather(indices), { gather: 1 }],
  ['limits', () => x.clamp(0, 1), { clip: 1 }],
  [
    'a gradient of the cross-entropy that is the same for all rows',
    () => crossEntropyGrad(block(1).expand([3]), x, indices, -1),
    { crossEntropyGrad: 1 },
  ],
])('The launches of an op: %s', (_, op, expected) => {
  expect(launches(op)).toEqual(expected);
});

test('A transposed matrix is copied once for each of its versions, for products and look-ups alike', () => {
  const weight = new Parameter(block(5, 4));
  const ops = (): Tensor[] => [
    x.matmul(weight.transpose()),
    linear(block(2, 3, 4), weight),
    weight.transpose().gather(indices),
  ];
  expect(launches(ops)).toEqual({ transpose: 1, matmul: 2, gather: 1 });
  expect(launches(ops)).toEqual({ matmul: 2, gather: 1 });
  weight.assign(weight.add(1));
  expect(launches(ops)).toEqual({ transpose: 1, matmul: 2, gather: 1 });
  const computed = (): Tensor[] => {
    const y = block(5, 4).add(1);
    return [x.matmul(y.transpose()), x.matmul(y.transpose())];
  };
  expect(launches(computed)).toEqual({ add: 1, transpose: 1, matmul: 2 });
});
