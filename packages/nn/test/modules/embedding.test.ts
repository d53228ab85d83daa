import { gradcheck, valueAndGrad } from '@chronograd/autograd';
import { plan, Random, type Tensor, tensor } from '@chronograd/tensor';
import { expect, test } from 'vitest';
import { Embedding } from '../../src/index.ts';
import { errorAgainstDifferences } from '../differences.ts';

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
    'expected indices from 0 to 3, got 4 at position 1',
  );
  expect(() => embedding.forward(tensor([1]))).toThrow('expected int32 indices, got float32');
});

test('Rows of an embedding that were used get the sum of their gradients, others 0, as differences say', () => {
  const embedding = new Embedding(5, 3, { random, dtype: 'float64' });
  const x = tensor([[0, 2, 2, 4, 0, 0]], { dtype: 'int32' });
  expect(errorAgainstDifferences(embedding, () => embedding.forward(x).sigmoid().sum())).toBeLessThanOrEqual(
    1e-9,
  );
});

test('A padding index begins as zeros and gets no gradient, whatever it is set to; all other rows are as without it', () => {
  const options = { dtype: 'float64', random: new Random(2) } as const;
  const made = (paddingIndex?: number) =>
    new Embedding(5, 3, {
      ...options,
      random: new Random(2),
      ...(paddingIndex === undefined ? {} : { paddingIndex }),
    });
  const plain = made();
  const x = tensor([[0, 2, 3, 4, 3, 0]], { dtype: 'int32' });
  for (const [given, row] of [
    [3, 3],
    [-2, 3],
    [0, 0],
  ] as const) {
    const embedding = made(given);
    expect(embedding.paddingIndex).toBe(row);
    const rows = (of: Tensor) => of.toArray() as number[][];
    expect(rows(embedding.weight)).toEqual(rows(plain.weight).with(row, [0, 0, 0]));
    embedding.weight.assign(plain.weight);
    expect(rows(embedding.forward(x))).toEqual(rows(plain.forward(x)));
    const step = (model: Embedding) =>
      valueAndGrad(model, (at: Tensor) => model.forward(at).sigmoid().square().sum());
    const { grads } = step(embedding)(x);
    expect(rows(grads.weight)).toEqual(rows(step(plain)(x).grads.weight).with(row, [0, 0, 0]));
    const planned = plan(step(embedding));
    for (let n = 0; n < 3; n++) expect(JSON.stringify(planned(x))).toBe(JSON.stringify(step(embedding)(x)));
    const others = tensor(
      [1, 2, 4, 4].filter((id) => id !== row),
      { dtype: 'int32' },
    );
    gradcheck((model) => model.forward(others).sigmoid(), [embedding], { order: 2 });
  }
  for (const paddingIndex of [5, -6, 0.5, Number.NaN, null, '0'])
    expect(() => new Embedding(5, 3, { ...options, paddingIndex: paddingIndex as number })).toThrow(
      `Embedding: expected a paddingIndex from -5 to 4, got ${typeof paddingIndex === 'string' ? JSON.stringify(paddingIndex) : paddingIndex}`,
    );
  expect(() => new Embedding(5, 3, { ...options, paddingIdx: 0 } as never)).toThrow(
    'did you mean paddingIndex?',
  );
});
