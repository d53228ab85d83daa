import { Random, type Tensor } from '@chronograd/tensor';
import { expect, test } from 'vitest';
import { normsOf } from '../../src/probe/index.ts';
import { relativeError } from '../differences.ts';
import { numbers } from '../recurrent/problems.ts';
import { NamingCell } from './problems.ts';

const [F, H] = [3, 2];

const norm = (x: Tensor): number =>
  Math.sqrt(Array.from(x.toTypedArray()).reduce((sum, each) => sum + each * each, 0));

test('Norms of trees are those of their tensors by path, where squares would be too small or too large too', () => {
  const cell = new NamingCell(F, H, new Random(1));
  const norms = normsOf(cell);
  expect(Object.keys(norms)).toEqual(cell.namedParameters().map(([name]) => name));
  for (const [name, w] of cell.namedParameters())
    expect(relativeError([norms[name]!], [norm(w)])).toBeLessThan(1e-15);
  const [tiny, huge] = [1e-200, 1e200].map((scale) => numbers(1, 3).mul(scale));
  const { a, b, c, d } = normsOf({ a: tiny, b: huge, c: tiny!.mul(0), d: tiny!.div(0) });
  const one = norm(numbers(1, 3));
  expect(relativeError([a! * 1e200, b! / 1e200], [one, one])).toBeLessThan(1e-14);
  expect([c, d]).toEqual([0, Number.POSITIVE_INFINITY]);
  expect(normsOf({ nan: numbers(1, 2).mul(Number.NaN) })).toEqual({ nan: Number.NaN });
});
