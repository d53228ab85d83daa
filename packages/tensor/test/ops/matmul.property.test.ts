import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { kernelsInUse, matmul, scope, useKernels } from '../../src/index.ts';
import { broadcasting, floats, type Operand, operands, size } from '../arbitraries.ts';
import { bitsOf, expectSame } from '../compare.ts';
import { at, broadcastAt, broadcastShape, type Plain, plain } from '../model.ts';

/**
 * […, M, K] × […, K, N] in plain numbers. The addends are short, so any order gives the same sum.
 */
function product(a: Plain, b: Plain): Plain {
  const k = a.shape.at(-1)!;
  const batch = broadcastShape(a.shape.slice(0, -2), b.shape.slice(0, -2));
  return plain([...batch, a.shape.at(-2)!, b.shape.at(-1)!], (index) => {
    const [row, column] = index.slice(-2) as [number, number];
    let sum = 0;
    for (let i = 0; i < k; i++) {
      const lead = index.slice(0, -2);
      sum += broadcastAt(a, [...lead, row, i]) * broadcastAt(b, [...lead, i, column]);
    }
    return sum;
  });
}

const decimal = fc.integer({ min: -64, max: 64 }).map((i) => i / 16);
const pairs = (
  shapeA: readonly number[],
  shapeB: readonly number[],
): fc.Arbitrary<readonly [Operand, Operand]> =>
  floats.chain((dtype) => fc.tuple(operands(shapeA, dtype, decimal), operands(shapeB, dtype, decimal)));

test('A product of matrices equals the plain sum of products, for all sizes from 0 on and all layouts', () => {
  const cases = fc.tuple(size, size, size).chain(([m, k, n]) => pairs([m, k], [k, n]));
  fc.assert(
    fc.property(cases, ([a, b]) => {
      expectSame(a.tensor.matmul(b.tensor), product(a.model, b.model));
    }),
    { seed: 1, numRuns: 500 },
  );
});

test('Leading axes broadcast as they do elsewhere', () => {
  const cases = fc
    .tuple(broadcasting(2, 3), size, size, size)
    .chain(([[a, b], m, k, n]) => pairs([...a!, m, k], [...b!, k, n]));
  fc.assert(
    fc.property(cases, ([a, b]) => {
      fc.pre(a.model.shape.length <= 5 && b.model.shape.length <= 5);
      expectSame(matmul(a.tensor, b.tensor), product(a.model, b.model));
    }),
    { seed: 1, numRuns: 300 },
  );
});

test('A vector counts as a row on the left and as a column on the right, and its axis goes', () => {
  const cases = fc
    .tuple(fc.array(size, { maxLength: 2 }), size, size)
    .chain(([lead, k, n]) =>
      floats.chain((dtype) =>
        fc.tuple(
          operands([k], dtype, decimal),
          operands([...lead, k, n], dtype, decimal),
          operands([...lead, n, k], dtype, decimal),
          operands([k], dtype, decimal),
        ),
      ),
    );
  fc.assert(
    fc.property(cases, ([v, right, left, w]) => {
      const row = { ...v.model, shape: [1, ...v.model.shape] };
      const column = { ...v.model, shape: [...v.model.shape, 1] };
      const fromLeft = product(row, right.model);
      const fromRight = product(left.model, column);
      expectSame(v.tensor.matmul(right.tensor), { ...fromLeft, shape: fromLeft.shape.toSpliced(-2, 1) });
      expectSame(left.tensor.matmul(v.tensor), { ...fromRight, shape: fromRight.shape.toSpliced(-1, 1) });
      const inner = v.model.data.reduce((sum, x, i) => sum + x * at(w.model, [i]), 0);
      expectSame(v.tensor.matmul(w.tensor), { shape: [], data: [inner] });
    }),
    { seed: 1, numRuns: 200 },
  );
});

test('Both builds give the same bits for numbers of every length, inside scopes and outside', () => {
  const build = kernelsInUse();
  const long = fc.double({ noNaN: true, min: -1, max: 1 });
  const wide = fc.integer({ min: 1, max: 40 });
  const cases = fc
    .tuple(fc.integer({ min: 1, max: 9 }), wide, wide, floats)
    .chain(([m, k, n, dtype]) => fc.tuple(operands([m, k], dtype, long), operands([k, n], dtype, long)));
  try {
    fc.assert(
      fc.property(cases, ([a, b]) => {
        const results = (['strict', 'reference'] as const).flatMap((name) => {
          useKernels(name);
          return [a.tensor.matmul(b.tensor), scope(() => a.tensor.matmul(b.tensor))].map(bitsOf);
        });
        expect(new Set(results).size).toBe(1);
      }),
      { seed: 1, numRuns: 80 },
    );
  } finally {
    useKernels(build);
  }
});
