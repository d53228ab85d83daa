import { ShapeError, tensor, ValueError } from '@chronograd/tensor';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DataLoader, type Series, splitByTime, windows } from '../../src/data/index.ts';

const seeded = { seed: 1, numRuns: 60 };
/** Row i, column k of a series is 10·i + k, so that a number says where it was read. */
const rowsOf = (from: number, to: number, columns: readonly number[]): number[][] =>
  Array.from({ length: to - from }, (_, i) => columns.map((k) => 10 * (from + i) + k));
const cases = fc.record({
  steps: fc.integer({ min: 1, max: 6 }),
  horizon: fc.integer({ min: 1, max: 5 }),
  stride: fc.integer({ min: 1, max: 4 }),
  extra: fc.nat(12),
  features: fc.integer({ min: 1, max: 3 }),
  batchFirst: fc.boolean(),
});

test('Window i has the rows from i·stride on, and its targets end `horizon` rows after its inputs', () => {
  fc.assert(
    fc.property(cases, ({ steps, horizon, stride, extra, features, batchFirst }) => {
      const N = steps + horizon + extra;
      const all = Array.from({ length: features }, (_, k) => k);
      const series = rowsOf(0, N, all);
      const targetColumns = [features - 1];
      for (const targets of ['after', 'shifted'] as const) {
        const data = windows(series, { steps, horizon, stride, targets, targetColumns, batchFirst });
        // The last window fits, and one more would not.
        const last = (data.length - 1) * stride;
        expect(last + steps + horizon).toBeLessThanOrEqual(N);
        expect(last + stride + steps + horizon).toBeGreaterThan(N);
        const indices = [data.length - 1, 0];
        const [x, y] = data.at(indices).map((each) => (batchFirst ? each.transpose(0, 1) : each));
        indices.forEach((i, b) => {
          const start = i * stride;
          const from = targets === 'after' ? start + steps : start + horizon;
          const to = start + steps + horizon;
          expect(x!.select(b, 1).toArray()).toEqual(rowsOf(start, start + steps, all));
          expect(y!.select(b, 1).toArray()).toEqual(rowsOf(from, to, targetColumns));
        });
      }
    }),
    seeded,
  );
});

test('All kinds of series give the same windows', () => {
  const list = [1, 2, 3, 4, 5, 6];
  const kinds: Series[] = [
    list,
    Float64Array.from(list),
    Float32Array.from(list),
    list.map((x) => [x]),
    tensor(list),
    tensor(list.map((x) => [x])),
  ];
  for (const series of kinds) {
    const [x, y] = windows(series, { steps: 3, horizon: 2 }).at([1]);
    expect([x.toArray(), y.toArray()]).toEqual([
      [[[2]], [[3]], [[4]]],
      [[[5]], [[6]]],
    ]);
    expect([x.dtype, windows(series, { steps: 3, dtype: 'float64' }).at([0])[0].dtype]).toEqual([
      'float32',
      'float64',
    ]);
  }
});

test('A batch is not changed by later changes of the series', () => {
  const series = [[1], [2], [3]];
  const data = windows(series, { steps: 2 });
  series[0]![0] = 9;
  expect(data.at([0])[0].toArray()).toEqual([[[1]], [[2]]]);
});

test('A series that does not fit is refused with the place', () => {
  expect(() => windows([1, 2], { steps: 2 })).toThrow(
    'windows: expected at least 3 rows for 2 steps and a horizon of 1, got 2',
  );
  expect(() => windows([1, 2], { steps: 2 })).toThrow(ShapeError);
  expect(() =>
    windows(
      [
        [1, 2],
        [3, Number.NaN],
        [5, 6],
      ],
      { steps: 1 },
    ),
  ).toThrow('windows: expected finite numbers, got NaN in row 1, column 1; fill it in, or leave the row out');
  expect(() => windows([[1, 2], [3]], { steps: 1 })).toThrow(
    'expected rows of 2 numbers, got 1 numbers in row 1',
  );
  expect(() => windows(['1'] as never, { steps: 1 })).toThrow('windows: expected numbers, got "1" in row 0');
  const one = [1, 2, 3];
  expect(() => windows(one, { steps: 1, targetColumns: [1] })).toThrow(
    'columns from 0 to 0 for targetColumns, got [1]',
  );
  expect(() => windows(one, { steps: 1 }).at([2])).toThrow(
    'at: expected a list of indices from 0 to 1, got [2]',
  );
  expect(() => windows(tensor([[[1]]]), { steps: 1 })).toThrow(
    'windows: expected a series [N] or [N, F], got [1, 1, 1]',
  );
});

test('A split by time loses no row, and each part begins with the rows before it as its context', () => {
  const parts = fc.record({
    rows: fc.integer({ min: 5, max: 40 }),
    validation: fc.oneof(fc.double({ min: 0, max: 0.3, noNaN: true }), fc.nat(2)),
    test: fc.oneof(fc.double({ min: 0, max: 0.3, noNaN: true }), fc.nat(2)),
    context: fc.nat(1),
  });
  fc.assert(
    fc.property(parts, ({ rows, context, ...sizes }) => {
      const series = rowsOf(0, rows, [0, 1]);
      const split = splitByTime(series, { ...sizes, context });
      const { training } = split;
      const [validation, end] = [split.validation.slice(context), split.test.slice(context)];
      expect([...training, ...validation, ...end]).toEqual(series);
      expect(split.validation.slice(0, context)).toEqual(training.slice(training.length - context));
      const size = (part: number): number => (part < 1 ? Math.floor(rows * part) : part);
      expect([validation.length, end.length]).toEqual([size(sizes.validation), size(sizes.test)]);
    }),
    seeded,
  );
});

test('The first window of a part with a context of `steps` has the first rows of the part as targets', () => {
  const { test: end } = splitByTime([0, 1, 2, 3, 4, 5, 6, 7, 8, 9], { test: 3, context: 2 });
  expect(
    windows(end, { steps: 2 })
      .at([0])
      .map((each) => each.toArray()),
  ).toEqual([[[[5]], [[6]]], [[[7]]]]);
});

test('Each part of a split is of the kind of the series', () => {
  expect(splitByTime(Float32Array.of(1, 2), { test: 1 }).test).toEqual(Float32Array.of(2));
  expect(splitByTime(tensor([1, 2], { dtype: 'int32' }), { test: 1 }).test.toArray()).toEqual([2]);
  expect(() => splitByTime([1, 2], { test: 1, validation: 1 })).toThrow(
    'splitByTime: expected rows for training, got 2 rows with 1 for validation and 1 for test',
  );
  expect(() => splitByTime([1, 2], { test: 1, context: 2 })).toThrow('a context of at most the 1 rows');
  expect(() => splitByTime([1, 2], { test: 1.5 })).toThrow(ValueError);
});

test('Windows are a data set for DataLoader, whose order does not change them', () => {
  const data = windows([1, 2, 3, 4], { steps: 1 });
  const loader = new DataLoader(data, { batch: 2 });
  expect(loader.next().value.map((each) => each.toArray())).toEqual([[[[1], [2]]], [[[2], [3]]]]);
  expect(loader.next().value.map((each) => each.toArray())).toEqual([[[[3]]], [[[4]]]]);
});
