/** Laws of wrong arguments: each throws its error before a kernel runs. */
import { expect, test } from 'vitest';
import {
  arange,
  ChronogradError,
  concat,
  DtypeError,
  fullLike,
  linear,
  matvec,
  ones,
  onesLike,
  ShapeError,
  scatterRows,
  scope,
  softmaxCrossEntropy,
  type Tensor,
  tensor,
  ValueError,
  zeros,
  zerosLike,
} from '../../src/index.ts';

const x = arange(6).reshape([2, 3]);
const whole = (...values: number[]): Tensor => tensor(values, { dtype: 'int32' });

/** Throws an error of a type, in the name of the op that the title of the call begins with. */
function expectNamed(title: string, call: () => unknown, type: typeof ChronogradError): void {
  expect(call).toThrow(type);
  expect(call).toThrow(new RegExp(`^${title.split(',')[0]}: `));
}

const of = (rows: readonly [string, () => unknown][]) => rows;

test.each(
  of([
    ['permute, with an axis twice and all others once', () => x.permute([0, 1, 0])],
    ['transpose, of axis 2 of a matrix', () => x.transpose(2, -1)],
    ['expand, to fewer axes, also from size 1', () => ones([1, 3]).expand([3])],
    ['reshape, with a computed first size that is a fraction', () => arange(5).reshape([-1, 2])],
    ['reshape, with two sizes to compute', () => x.reshape([6, -1, -1])],
    ['reshape, with two sizes to compute before another', () => x.reshape([-1, -1, 6])],
    ['select, of a tensor without axes', () => tensor(1).select(0)],
    ['select, before the first position', () => x.select(-3)],
    ['split, with a negative size', () => x.split([3, -1])],
    ['split, with fractions', () => x.split([0.5, 1.5])],
    ['chunk, into a negative number of parts', () => x.chunk(-2 as number)],
    ['chunk, of an empty axis into more than 2¹⁶ parts', () => zeros([0]).chunk(2 ** 16 + 1)],
    ['topk, with a negative k', () => x.topk(-1)],
    ['topk, with a fraction as k', () => x.topk(1.5)],
    ['concat, of tensors with different numbers of axes', () => concat([ones([3]), ones([3, 2])])],
    ['pad, by a number', () => x.pad(3 as never)],
    [
      'pad, on more axes than there are',
      () =>
        x.pad([
          [0, 1],
          [0, 1],
          [0, 1],
        ]),
    ],
    ['pad, by three numbers for an axis', () => x.pad([[1, 2, 3]] as never)],
    ['gather, before the first row', () => x.gather(whole(-1))],
    ['takeAlong, before the first position', () => x.takeAlong(whole(0, -1, 0).reshape([1, 3]), 0)],
    ['scatterRows, before the first row', () => scatterRows(x, whole(0, -1), 2)],
    ['matmul, of a tensor without axes', () => tensor(1).matmul(x)],
    ['matmul, of no matrices by one of another size', () => zeros([0, 2, 3]).matmul(zeros([5, 4]))],
    ['matmul, by a tensor without axes', () => x.matmul(tensor(1))],
    ['matvec, of a vector', () => matvec(ones([3]), ones([3]))],
    ['matvec, by a tensor without axes', () => matvec(x, tensor(1))],
    ['matvec, by a vector of another size', () => matvec(x, ones([2]))],
    ['linear, by weights of three axes', () => linear(x, zeros([4, 3, 3]))],
    ['linear, plus a column of as many elements as a bias', () => linear(x, zeros([3, 3]), zeros([3, 1]))],
    ['softmaxCrossEntropy, of a vector', () => softmaxCrossEntropy(ones([2]), whole(0, 0))],
    ['softmaxCrossEntropy, of three axes', () => softmaxCrossEntropy(ones([2, 3, 1]), whole(0, 0))],
    ['softmaxCrossEntropy, at a matrix', () => softmaxCrossEntropy(x, whole(0, 0).reshape([2, 1]))],
    ['softmaxCrossEntropy, at a target below 0', () => softmaxCrossEntropy(x, whole(0, -2))],
  ]),
)('A call that throws a ShapeError: %s', (title, call) => {
  expectNamed(title, call, ShapeError);
});

test('chunk makes up to 2¹⁶ parts of an empty axis, and a few parts of a long one', () => {
  expect(zeros([0]).chunk(2 ** 16).length).toBe(2 ** 16);
  expect(zeros([2 ** 16]).chunk(2).length).toBe(2);
});

test.each(
  of([
    ['gelu, by another approximation', () => x.gelu('erf' as never)],
    ['argsort, in a direction of another type', () => x.argsort(0, 1 as never)],
    ['matmul, by a number', () => x.matmul(2 as never)],
    ['linear, by a number', () => linear(x, 2 as never)],
    ['zerosLike, of null', () => zerosLike(null as never)],
    ['onesLike, of a number', () => onesLike(2 as never)],
    ['fullLike, of a function', () => fullLike((() => 2) as never, 1)],
  ]),
)('A call that throws a ValueError: %s', (title, call) => {
  expectNamed(title, call, ValueError);
});

test.each(
  of([
    ['matmul', () => x.matmul(zeros([3, 2], { dtype: 'float64' }))],
    ['linear', () => linear(x, zeros([2, 3], { dtype: 'float64' }))],
    ['matvec', () => matvec(x, zeros([3], { dtype: 'float64' }))],
    ['concat', () => concat([x, zeros([2, 3], { dtype: 'float64' })])],
    ['linear, with another tensor to add', () => linear(x, zeros([2, 3]), zeros([2], { dtype: 'float64' }))],
  ]),
)('Floats of two dtypes throw a DtypeError: %s', (title, call) => {
  expectNamed(title, call, DtypeError);
});

test('Indices are whole numbers', () => {
  const indices = ones([2, 3]);
  expect(() => x.gather(indices)).toThrow(DtypeError);
  expect(() => x.takeAlong(indices, 1)).toThrow(DtypeError);
  expect(() => scatterRows(x, ones([2]), 2)).toThrow(DtypeError);
});

test('A constant like another is a whole number where the other has whole numbers, in scopes too', () => {
  for (const within of [scope, (body: () => unknown) => body()]) {
    expect(() => within(() => fullLike(whole(1, 2), 0.5))).toThrow(ChronogradError);
    expect(within(() => fullLike(whole(1, 2), 3).toArray())).toEqual([3, 3]);
    expect(within(() => fullLike(x, 0.5).select(0).toArray())).toEqual([0.5, 0.5, 0.5]);
  }
});
