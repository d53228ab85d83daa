import { eye, normal, Parameter, Random, type Tensor, tensor } from '@chronograd/tensor';
import { withRecorder } from '@chronograd/tensor/engine';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { orthogonal } from '../../src/index.ts';
import { eigenvalues, largestSingularValue, spectralRadius } from '../../src/probe/index.ts';
import { relativeError } from '../differences.ts';

const matrix = (...rows: number[][]): Tensor => tensor(rows, { dtype: 'float64' });
const turned = (a: Tensor, random: Random): Tensor => {
  const q = orthogonal()(a.shape, { random, dtype: 'float64' });
  return q.matmul(a).matmul(q.transpose());
};

/** Pairs in an order that does not depend on rounding. */
function sorted({ real, imaginary }: { real: Float64Array; imaginary: Float64Array }): number[] {
  const digits = (x: number): number => Math.round(x * 1e6);
  return [...real.keys()]
    .sort((a, b) => digits(real[a]!) - digits(real[b]!) || imaginary[a]! - imaginary[b]!)
    .flatMap((i) => [real[i]!, imaginary[i]!]);
}

test('Eigenvalues of block triangular matrices, turned at random, are those of their blocks: real ones and pairs', () => {
  const real = fc.integer({ min: -9, max: 9 });
  const block = fc.oneof(
    real.map((a) => [a]),
    fc.tuple(real, fc.integer({ min: 1, max: 9 })).map(([a, b]) => [a, b]),
  );
  fc.assert(
    fc.property(fc.array(block, { minLength: 1, maxLength: 9 }), fc.nat(1000), (drawn, seed) => {
      const random = new Random(seed);
      // Apart from one another, so that none is all but defective.
      const blocks = drawn.map(([a, b], i) => [a! / 10 + 3 * i, (b ?? 0) / 10] as const);
      const n = blocks.reduce((sum, [, b]) => sum + (b === 0 ? 1 : 2), 0);
      const rows = Array.from({ length: n }, () => new Array<number>(n).fill(0));
      const wanted = { real: new Float64Array(n), imaginary: new Float64Array(n) };
      let at = 0;
      for (const [a, b] of blocks) {
        const size = b === 0 ? 1 : 2;
        for (let i = at; i < at + size; i++) {
          for (let j = at + size; j < n; j++) rows[i]![j] = random.normal() / 3;
          rows[i]![i] = a;
          wanted.real[i] = a;
          wanted.imaginary[i] = i === at ? -b : b;
        }
        if (size === 2) [rows[at]![at + 1], rows[at + 1]![at]] = [2 * b, -b / 2];
        at += size;
      }
      const found = eigenvalues(turned(matrix(...rows), random));
      expect(relativeError(sorted(found), sorted(wanted), 1e-12)).toBeLessThan(1e-11);
      const radius = Math.max(...blocks.map(([a, b]) => Math.hypot(a, b)));
      expect(relativeError([spectralRadius(matrix(...rows))], [radius], 1e-12)).toBeLessThan(1e-11);
    }),
    { seed: 1, numRuns: 60 },
  );
});

test('Matrices that QR steps find hard: permutations, companions, Jordan blocks, zeros, and a large random one', () => {
  const cycle = matrix([0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1], [1, 0, 0, 0]);
  expect(relativeError(sorted(eigenvalues(cycle)), [-1, 0, 0, -1, 0, 1, 1, 0])).toBeLessThan(1e-14);
  // (x − 1)(x − 2)(x − 3)(x − 4)
  const companion = matrix([10, -35, 50, -24], [1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0]);
  expect(relativeError(sorted(eigenvalues(companion)), [1, 0, 2, 0, 3, 0, 4, 0])).toBeLessThan(1e-12);
  expect(spectralRadius(matrix([0.9, 1, 0], [0, 0.9, 1], [0, 0, 0.9]))).toBe(0.9);
  expect(spectralRadius(matrix([0, 1, 5], [0, 0, 1], [0, 0, 0]))).toBe(0);
  expect(spectralRadius(new Float64Array(9))).toBe(0);
  expect(spectralRadius(Float64Array.of(0, -3, 3, 0))).toBe(3);
  const a = normal([60, 60], { random: new Random(1), dtype: 'float64' });
  const { real, imaginary } = eigenvalues(a);
  const trace = a
    .mul(eye(60, { dtype: 'float64' }))
    .sum()
    .item();
  const ofSquare = a.mul(a.transpose()).sum().item();
  const sum = (values: Iterable<number>): number => [...values].reduce((x, y) => x + y, 0);
  expect(relativeError([sum(real)], [trace])).toBeLessThan(1e-12);
  expect(relativeError([sum(real.map((x, i) => x * x - imaginary[i]! ** 2))], [ofSquare])).toBeLessThan(
    1e-11,
  );
  expect(Math.abs(sum(imaginary))).toBeLessThan(1e-11);
});

test('The largest singular value is the known one: a single one, several equal ones, of matrices that are not square', () => {
  const random = new Random(1);
  for (const values of [[0.5], [3, 3, 3], [2, 2 - 1e-9, 1, 0], [1e-3, 7, 6.9, 6.8, 0.1]]) {
    const n = values.length;
    const left = orthogonal()([n + 2, n], { random, dtype: 'float64' });
    const right = orthogonal()([n, n], { random, dtype: 'float64' });
    const a = left.mul(tensor(values, { dtype: 'float64' })).matmul(right);
    for (const each of [a, a.transpose()])
      expect(relativeError([largestSingularValue(each)], [Math.max(...values)])).toBeLessThan(1e-13);
  }
  expect(largestSingularValue(matrix([0, 4], [0, 0]))).toBe(4);
  expect(largestSingularValue(new Float64Array(4))).toBe(0);
});

test('Sizes near the ends of float64 change nothing but the size, and NaN stays NaN', () => {
  const a = normal([5, 5], { random: new Random(1), dtype: 'float64' });
  for (const power of [-950, 950]) {
    const scale = 2 ** power;
    expect(spectralRadius(a.mul(scale))).toBe(spectralRadius(a) * scale);
    expect(largestSingularValue(a.mul(scale))).toBe(largestSingularValue(a) * scale);
  }
  expect(spectralRadius(matrix([1, Number.NaN], [0, 1]))).toBeNaN();
  expect(largestSingularValue(matrix([1, Number.POSITIVE_INFINITY], [0, 1]))).toBeNaN();
});

test('Parameters are accepted, of float32 too; other than square matrices throw an error, and no tape records it', () => {
  const w = new Parameter(
    tensor([
      [0, 2],
      [-2, 0],
    ]),
  );
  expect(spectralRadius(w)).toBe(2);
  const recorded: string[] = [];
  const listener = { record: (name: string) => void recorded.push(name), beforeWrite() {} };
  const listenTo = (of: (a: Tensor) => unknown) => withRecorder(listener, () => void of(w));
  for (const of of [eigenvalues, spectralRadius, largestSingularValue]) listenTo(of);
  expect(recorded).toEqual([]);
  listenTo((a) => a.mul(2));
  expect(recorded).toEqual(['mul']);
  expect(() => spectralRadius(matrix([1, 2]))).toThrow(
    'spectralRadius: expected a square matrix, got [1, 2]',
  );
  expect(() => eigenvalues(Float64Array.of(1, 2))).toThrow(
    'eigenvalues: expected a square matrix, got 2 elements',
  );
  expect(() => largestSingularValue(tensor([1, 2]))).toThrow('expected a matrix of floats, got float32 [2]');
});
