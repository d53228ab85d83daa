import { grad } from '@chronograd/autograd';
import { normal, Random, tensor, ValueError } from '@chronograd/tensor';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { StandardScaler } from '../../src/data/index.ts';

const numbers = fc.array(
  fc.tuple(fc.double({ min: -1e3, max: 1e3, noNaN: true }), fc.integer({ min: -5, max: 5 })),
  {
    minLength: 2,
    maxLength: 30,
  },
);

test('Scaled features have mean 0 and standard deviation 1, or are 0 if constant, and scale back', () => {
  fc.assert(
    fc.property(numbers, (rows) => {
      const scaler = StandardScaler.fit(rows);
      const scaled = scaler.transform<readonly (readonly number[])[]>(rows);
      for (const k of [0, 1]) {
        const column = scaled.map((row) => row[k]!);
        const constant = rows.every((row) => row[k] === rows[0]![k]);
        if (constant) expect(column.every((x) => x === 0)).toBe(true);
        else if (scaler.std[k]! > 1e-6) {
          const mean = column.reduce((a, b) => a + b) / column.length;
          const variance = column.reduce((a, b) => a + (b - mean) ** 2, 0) / column.length;
          expect(mean).toBeCloseTo(0, 6);
          expect(variance).toBeCloseTo(1, 6);
        }
      }
      scaler.inverseTransform(scaled).forEach((row, i) => {
        row.forEach((x, k) => {
          expect(Math.abs(x - rows[i]![k]!)).toBeLessThanOrEqual(
            1e-12 * Math.max(1, Math.abs(scaler.mean[k]!)),
          );
        });
      });
    }),
    { seed: 1, numRuns: 60 },
  );
});

test('A constant feature is exactly 0 afterwards, even where its sum rounds; new values stay finite', () => {
  const scaler = StandardScaler.fit(new Array(1000).fill(0.1));
  expect(scaler).toEqual({ mean: [0.1], std: [0] });
  expect(scaler.transform([0.1, 1.1])).toEqual([0, 1.1 - 0.1]);
  expect(scaler.inverseTransform([0])).toEqual([0.1]);
});

test('Through JSON it is the same scaler, bit for bit', () => {
  const scaler = StandardScaler.fit([
    [0.1, 3],
    [1 / 3, 5],
  ]);
  const again = new StandardScaler(JSON.parse(JSON.stringify(scaler)) as StandardScaler);
  expect(again).toEqual(scaler);
  expect(again.transform([[7, 8]])).toEqual(scaler.transform([[7, 8]]));
});

test('Tensors of any shape are scaled as numbers are, and gradients flow through to the tensor', () => {
  const scaler = new StandardScaler({ mean: [1, 2], std: [2, 0] });
  const x = normal([3, 4, 2], { random: new Random(1), dtype: 'float64' });
  const rows = x.reshape([12, 2]).toArray() as number[][];
  expect(scaler.transform(x).reshape([12, 2]).toArray()).toEqual(scaler.transform(rows));
  expect(scaler.inverseTransform(x).reshape([12, 2]).toArray()).toEqual(scaler.inverseTransform(rows));
  expect(grad((y: typeof x) => scaler.transform(y).sum())(tensor([1, 1])).toArray()).toEqual([0.5, 1]);
  const one = new StandardScaler({ mean: [1], std: [2] });
  expect(one.transform(tensor([3, 5])).toArray()).toEqual([1, 2]);
  expect(() => scaler.transform(tensor([1, 2, 3]))).toThrow('transform: expected a tensor […, 2], got [3]');
  expect(() => scaler.transform([[1]])).toThrow('transform: expected 2 features, got 1');
});

test('Numbers that are not finite, and invalid statistics are refused', () => {
  expect(() => StandardScaler.fit([1, Number.NaN])).toThrow(
    'fit: expected finite numbers, got NaN in row 1, column 0',
  );
  expect(() => StandardScaler.fit([])).toThrow('fit: expected at least one row');
  expect(() => new StandardScaler({ mean: [1], std: [-1] })).toThrow(
    'StandardScaler: expected a list of finite numbers from 0 on for std',
  );
  expect(() => new StandardScaler({ mean: [1, 2], std: [1] })).toThrow(ValueError);
});
