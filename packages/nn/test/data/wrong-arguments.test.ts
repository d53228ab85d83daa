import { Random, Tensor, tensor, ValueError, zeros } from '@chronograd/tensor';
import { expect, test } from 'vitest';
import {
  DataLoader,
  type LoaderState,
  type PaddedOptions,
  paddedBatches,
  type Sequence,
  type Series,
  StandardScaler,
  Streams,
  splitByTime,
  windows,
} from '../../src/data/index.ts';

const items = (length: number) => ({ length, at: (indices: readonly number[]) => [...indices] });

test('A loader refuses other data sets, sources and positions', () => {
  for (const data of [null, undefined, 3, {}, { at: () => [] }, { length: 3 }, { length: 0.5, at: () => [] }])
    expect(() => new DataLoader(data as never, { batch: 1 })).toThrow('DataLoader: expected a data set with');
  for (const source of [null, 3, {}, Math.random])
    expect(() => new DataLoader(items(2), { batch: 1, random: source as never })).toThrow(
      'DataLoader: expected new Random(seed) for random, got ',
    );
  const loader = new DataLoader(items(6), { batch: 2 });
  loader.next();
  const { state } = loader;
  const refused = (change: object) => expect(() => loader.restore({ ...state, ...change } as LoaderState));
  for (const bad of [-1, 0.5, '1', undefined]) {
    refused({ epoch: bad }).toThrow('got an object; restore it');
    refused({ batch: bad }).toThrow('got an object; restore it');
    refused({ batches: bad }).toThrow('got an object; restore it');
  }
  refused({ batch: 4 }).toThrow('got batch 4 of 3, in order;');
  refused({ shuffle: new Random(1).state }).toThrow('got batch 1 of 3, shuffled;');
  for (const nothing of [null, undefined]) expect(() => loader.restore(nothing as never)).toThrow(ValueError);
  expect(loader.state).toEqual(state);
  expect(loader.next().value).toEqual([2, 3]);
});

test('With a source of random numbers, batches of all groups are mixed', () => {
  const every = Array.from({ length: 20 }, (_, i) => i);
  const data = { ...items(20), groups: [every.slice(0, 10), every.slice(10)] };
  const loader = new DataLoader(data, { batch: 1, random: new Random(2) });
  const groups = every.map(() => Number(loader.next().value[0]! >= 10));
  expect(groups).not.toEqual([...groups].sort());
  expect(groups).not.toEqual([...groups].sort().reverse());
});

test('Padded batches have the options of a loader, and targets and buckets that fit', () => {
  const sequences = [1, 2, 3, 4, 5].map((n) => new Int32Array(n).fill(n));
  const of = (options: Partial<PaddedOptions>) => paddedBatches(sequences, { batch: 2, ...options });
  expect(of({}).length).toBe(3);
  expect(of({ dropLast: true }).length).toBe(2);
  expect(() => of({ dropLast: 1 as never })).toThrow('dropLast');
  const lengths = (options: Partial<PaddedOptions>) => {
    const loader = of(options);
    return Array.from({ length: loader.length }, () => loader.next().value[0].lengths).flat();
  };
  expect(lengths({})).toEqual([1, 2, 3, 4, 5]);
  expect(lengths({ random: new Random(4) })).not.toEqual([1, 2, 3, 4, 5]);
  expect(of({ lengths: false }).next().value[0].lengths).toEqual([]);
  for (const targets of [null, 3, Int32Array.of(1), []])
    expect(() => of({ targets: targets as never })).toThrow(
      'paddedBatches: expected 5 targets, one for each',
    );
  const short = sequences.map((each, i) => (i === 0 ? each.slice(1) : each));
  expect(() => of({ targets: short })).toThrow('got 0 steps for 1 in targets[0]');
  const padded = of({ targets: sequences, targetPadding: 7 }).next().value[0].targets;
  expect(padded.toArray()).toEqual([
    [1, 2],
    [7, 2],
  ]);
  for (const buckets of [0, 1.5, -1, [], 'two'])
    expect(() => of({ buckets: buckets as never })).toThrow(
      'paddedBatches: expected a whole number from 1 on',
    );
  for (const buckets of [
    [5, 5],
    [0.5, 5],
    [6, 5],
  ])
    expect(() => of({ buckets })).toThrow('expected ascending lengths for buckets');
  expect(of({ buckets: [0, 5] }).length).toBe(3);
});

test('Sequences are int32 tensors [n], tables of finite numbers, or rows; others are refused', () => {
  const pad =
    (...sequences: Sequence[]) =>
    () =>
      paddedBatches(sequences, { batch: 2 }).next().value[0].inputs.transpose(0, 1).toArray();
  const indices = tensor([3, 1], { dtype: 'int32' });
  expect(pad(indices, indices.slice([0, 1]))()).toEqual([
    [3, 1],
    [3, 0],
  ]);
  expect(pad(tensor([3, 1]), [[2]])()).toEqual([
    [[3], [1]],
    [[2], [0]],
  ]);
  expect(pad(zeros([2, 3], { dtype: 'int32' }), [[1, 2, 3]])).not.toThrow();
  expect(pad([])).not.toThrow();
  expect(pad([[Number.NaN]])).toThrow('expected finite numbers, got NaN in row 0, column 0');
  expect(pad([[Infinity, 1]], [[1, 2]])).toThrow('got Infinity in row 0');
  expect(pad([[1, 2]], [[1]])).toThrow(
    /values of 2 features.*values of 1 feature\b|values of 1 feature\b.*2 f/,
  );
  for (const other of [3, 'ab', null]) expect(pad(other as never)).toThrow(ValueError);
});

test('Scalers have the deviation of the numbers, the dtype of tensors, and refuse other statistics', () => {
  expect(StandardScaler.fit([1, 2, 6])).toEqual(new StandardScaler({ mean: [3], std: [Math.sqrt(14 / 3)] }));
  const scaler = new StandardScaler({ mean: [0.1], std: [0.3] });
  for (const dtype of ['float32', 'float64'] as const) {
    const x = tensor([1, 2], { dtype });
    const scaled = scaler.transform(x);
    expect([scaled.dtype, scaler.inverseTransform(scaled).dtype]).toEqual([dtype, dtype]);
    const wanted = [0.9 / 0.3, 1.9 / 0.3];
    for (const [i, each] of [...scaled.toTypedArray()].entries())
      expect(Math.abs(each - wanted[i]!)).toBeLessThan(dtype === 'float64' ? 1e-14 : 1e-5);
  }
  for (const mean of [[], null, 1, [1, Number.NaN], ['1']])
    expect(() => new StandardScaler({ mean: mean as never, std: [1] })).toThrow(
      'StandardScaler: expected a list of finite numbers for mean',
    );
  expect(() => new StandardScaler({ mean: [1, 2], std: [1, -1] })).toThrow(
    'finite numbers from 0 on for std',
  );
  expect(() => StandardScaler.fit([[], []])).toThrow('fit: expected at least one row and one feature');
  const two = new StandardScaler({ mean: [1, 2], std: [1, 1] });
  expect(two.transform([])).toEqual([]);
  expect(scaler.transform([Number.NaN, 0.1])).toEqual([Number.NaN, 0]);
});

test('Parts of a series are of its kind, and shares are below 1', () => {
  const rows = [
    [1, 2],
    [3, 4],
    [5, Number.NaN],
  ];
  const kinds: readonly Series[] = [
    rows,
    [1, 2, 3],
    Float32Array.of(1, 2, 3),
    Float64Array.of(1, 2, 3),
    tensor([1, 2, 3], { dtype: 'float64' }),
    tensor(rows),
  ];
  for (const series of kinds) {
    const { training, validation, test: rest } = splitByTime(series, { validation: 1, test: 1, context: 1 });
    for (const [part, from, to] of [
      [training, 0, 1],
      [validation, 0, 2],
      [rest, 1, 3],
    ] as const)
      expect(part).toEqual(
        series instanceof Tensor ? series.slice([from, to]) : (series as readonly number[]).slice(from, to),
      );
  }
  for (const part of [-0.5, 1.5, '0.1', Number.NaN, 2 ** 60, null])
    expect(() => splitByTime([1, 2, 3], { test: part as never })).toThrow(
      'splitByTime: expected a share below 1 or a whole number of rows for test',
    );
  for (const series of [3, null, 'abc', {}])
    expect(() => splitByTime(series as never, {})).toThrow('splitByTime: expected a series (');
  expect(() => windows([Number.NaN, 1, 2], { steps: 1 })).toThrow('got NaN in row 0');
});

test('Windows and streams refuse other columns, indices, counts and data', () => {
  const series = [1, 2, 3, 4, 5];
  for (const name of ['steps', 'horizon', 'stride'] as const)
    for (const value of [0, 1.5, '1'])
      expect(() => windows(series, { steps: 1, [name]: value as never })).toThrow(
        `windows: expected a whole number from 1 on for ${name}`,
      );
  for (const targetColumns of [[], [0, 1], 0, 'ab'])
    expect(() => windows(series, { steps: 1, targetColumns: targetColumns as never })).toThrow(
      'windows: expected columns from 0 to 0 for targetColumns',
    );
  for (const indices of [[0, 4], [0, -1], [0.5], 0, null])
    expect(() => windows(series, { steps: 1 }).at(indices as never)).toThrow(
      'at: expected a list of indices',
    );
  for (const data of [[1, 2, 3, 4], 'abcd', Float32Array.of(1, 2, 3, 4), null])
    expect(() => new Streams(data as never, { batch: 1, steps: 1 })).toThrow(
      'expected an Int32Array, Uint16Array or Uint8Array of',
    );
  const streams = new Streams(new Int32Array(5), { batch: 1, steps: 1 });
  for (const position of [0, 5]) expect(() => streams.seek(position)).not.toThrow();
});
