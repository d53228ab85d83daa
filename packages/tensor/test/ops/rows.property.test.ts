import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { gather, scatterRows } from '../../src/index.ts';
import { dtypes, operands, shapes, size } from '../arbitraries.ts';
import { expectSame } from '../compare.ts';
import { at, indicesOf, type Plain, plain } from '../model.ts';

const rows = fc.integer({ min: 1, max: 5 });

test('Gathered rows are the table’s rows at the indices, for indices and tables of any shape and layout', () => {
  const cases = fc
    .tuple(dtypes, rows, shapes(2), shapes(2))
    .chain(([dtype, count, inner, outer]) =>
      fc.tuple(operands([count, ...inner], dtype), operands(outer, 'int32', fc.nat(count - 1))),
    );
  fc.assert(
    fc.property(cases, ([table, indices]) => {
      const rank = indices.model.shape.length;
      const expected = plain([...indices.model.shape, ...table.model.shape.slice(1)], (index) =>
        at(table.model, [at(indices.model, index.slice(0, rank)), ...index.slice(rank)]),
      );
      const y = gather(table.tensor, indices.tensor);
      expect(y.dtype).toBe(table.tensor.dtype);
      expectSame(y, expected);
    }),
    { seed: 1, numRuns: 300 },
  );
});

test('Scattered rows add up where they go, and the other rows are 0', () => {
  const cases = fc
    .tuple(dtypes, rows, shapes(2), shapes(2))
    .chain(([dtype, count, inner, outer]) =>
      fc.tuple(
        fc.constant(count),
        operands([...outer, ...inner], dtype),
        operands(outer, 'int32', fc.nat(count - 1)),
      ),
    );
  fc.assert(
    fc.property(cases, ([count, g, indices]) => {
      const rank = indices.model.shape.length;
      const places = indicesOf(indices.model.shape);
      const table: Plain = plain([count, ...g.model.shape.slice(rank)], ([row, ...inner]) =>
        places
          .filter((place) => at(indices.model, place) === row)
          .reduce((sum, place) => sum + at(g.model, [...place, ...inner]), 0),
      );
      expectSame(scatterRows(g.tensor, indices.tensor, count), table);
    }),
    { seed: 1, numRuns: 300 },
  );
});

test('Gathering is the transpose of scattering: ⟨gather(t, i), g⟩ = ⟨t, scatterRows(g, i)⟩', () => {
  const cases = fc
    .tuple(rows, size, size)
    .chain(([count, width, n]) =>
      fc.tuple(
        operands([count, width], 'float64'),
        operands([n, width], 'float64'),
        operands([n], 'int32', fc.nat(count - 1)),
      ),
    );
  fc.assert(
    fc.property(cases, ([t, g, i]) => {
      const left = gather(t.tensor, i.tensor).mul(g.tensor).sum().item();
      const right = t.tensor
        .mul(scatterRows(g.tensor, i.tensor, t.tensor.shape[0]!))
        .sum()
        .item();
      expect(left).toBe(right);
    }),
    { seed: 1, numRuns: 100 },
  );
});
