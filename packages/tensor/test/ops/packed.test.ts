/** Laws of packed copies of matrices: which are made, kept and used again. */
import { expect, test } from 'vitest';
import { arange, normal, Parameter, plan, Random, scope, type Tensor } from '../../src/index.ts';
import { launches } from '../launches.ts';

const random = new Random(1);
const matrix = (rows: number, cols: number): Tensor => normal([rows, cols], { random });

/** The product, from a copy that no cache contains. */
const product = (x: Tensor, w: Tensor): unknown =>
  x.matmul(w.transpose().reshape([w.size]).reshape(w.transpose().shape)).toArray();

test('Parts of one weight that differ in start, rows, columns or row length have their own copies', () => {
  const w = new Parameter(matrix(4, 6));
  const parts = [
    w.slice([0, 2], [0, 2]),
    w.slice([0, 2], [0, 3]),
    w.slice([1, 3], [0, 3]),
    w.slice([0, 3], [0, 3]),
    w.reshape([6, 4]).slice([0, 2], [0, 3]),
    w.reshape([3, 8]).slice([0, 2], [0, 3]),
  ];
  for (const part of [...parts, ...parts.reverse()]) {
    const x = matrix(2, part.shape[1]!);
    expect(x.matmul(part.transpose()).toArray()).toEqual(product(x, part));
  }
});

test('A weight has copies of at most 8 parts. Further ones are made at each use', () => {
  const w = new Parameter(matrix(18, 3));
  const x = matrix(2, 3);
  const use = (parts: number) => (): void => {
    for (let i = 0; i < parts; i++) x.matmul(w.slice([2 * i, 2 * i + 2]).transpose());
  };
  expect(launches(use(8))).toEqual({ transpose: 8, matmul: 8 });
  expect(launches(use(8))).toEqual({ matmul: 8 });
  expect(launches(use(9))).toEqual({ transpose: 1, matmul: 9 });
  expect(launches(() => [use(9)(), use(9)()])).toEqual({ transpose: 2, matmul: 18 });
});

test('A weight that was assigned before its first product has a copy of its current elements', () => {
  const x = matrix(2, 3);
  for (let writes = 0; writes < 4; writes++) {
    const w = new Parameter(matrix(4, 3));
    for (let i = 0; i < writes; i++) w.assign(matrix(4, 3));
    expect(x.matmul(w.transpose()).toArray()).toEqual(product(x, w));
  }
});

test('Copies of what a scope computes end with the scope', () => {
  const x = matrix(2, 3);
  for (let i = 0; i < 3; i++) {
    scope(() => {
      const y = matrix(4, 3).add(i);
      expect(x.matmul(y.transpose()).toArray()).toEqual(product(x, y));
      expect(x.matmul(y.transpose()).toArray()).toEqual(product(x, y));
    });
  }
});

test.each([true, false])('A plan reads the current weight. With a copy before the plan: %s', (before) => {
  const w = new Parameter(matrix(4, 3));
  if (before) matrix(2, 3).matmul(w.transpose());
  using planned = plan((x: Tensor) => x.matmul(w.transpose()));
  for (let i = 0; i < 6; i++) {
    const x = matrix(2, 3);
    expect(planned(x).toArray()).toEqual(product(x, w));
    if (i % 2 === 1) w.assign(matrix(4, 3));
  }
});

test('Rows in reverse order and a repeated row are read in place or copied, with the same product', () => {
  const [x, w] = [arange(6).reshape([2, 3]), arange(12).reshape([3, 4])];
  expect(x.flip(0).matmul(w).toArray()).toEqual(x.matmul(w).flip(0).toArray());
  expect(x.matmul(w.flip(0)).toArray()).toEqual(x.flip(1).matmul(w).toArray());
  const row = arange(4).reshape([1, 4]).expand([3, 4]);
  expect(launches(() => x.matmul(row))).toEqual({ matmul: 1 });
  expect(launches(() => row.transpose().matmul(x.transpose()))).toEqual({ transpose: 1, matmul: 1 });
});
