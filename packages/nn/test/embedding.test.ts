import { Random, tensor } from '@chronograd/tensor';
import { expect, test } from 'vitest';
import { Embedding } from '../src/index.ts';
import { errorAgainstDifferences } from './differences.ts';

const random = new Random(1);

test('An embedding gives the rows of its table, under the shape of the indices', () => {
  const embedding = new Embedding(4, 2, { random });
  const table = embedding.weight.toArray() as number[][];
  const ids = [
    [3, 0, 3],
    [1, 2, 1],
  ];
  const y = embedding.forward(tensor(ids, { dtype: 'int32' }));
  expect(y.shape).toEqual([2, 3, 2]);
  expect(y.toArray()).toEqual(ids.map((row) => row.map((id) => table[id]!)));
  expect(() => embedding.forward(tensor([0, 4], { dtype: 'int32' }))).toThrow(
    'index 4 came at position 1, but there are 4 rows',
  );
  expect(() => embedding.forward(tensor([1]))).toThrow('indices of float32 came, int32 was expected');
});

test('Rows of an embedding that were used get the sum of their gradients, others 0, as differences say', () => {
  const embedding = new Embedding(5, 3, { random, dtype: 'float64' });
  const x = tensor([[0, 2, 2, 4, 0, 0]], { dtype: 'int32' });
  expect(errorAgainstDifferences(embedding, () => embedding.forward(x).sigmoid().sum())).toBeLessThanOrEqual(
    1e-9,
  );
});
