import { grad } from '@chronograd/autograd';
import { normal, plan, Random, type Tensor, tensor } from '@chronograd/tensor';
import { expect, test } from 'vitest';
import { type PaddedBatch, type PaddedOptions, paddedBatches } from '../../src/data/index.ts';
import { crossEntropy, Embedding, Recurrent, RNNCell } from '../../src/index.ts';

const random = new Random(1);
const draw = (lengths: readonly number[], below = 5): Int32Array[] =>
  lengths.map((length) => Int32Array.from({ length }, () => random.integer(below)));
const LENGTHS = [3, 0, 7, 1, 4, 7, 2];

test('Each sequence is in its batch once: its indices, then padding, with its length and mask', () => {
  const sequences = draw(LENGTHS);
  for (const batchFirst of [false, true]) {
    const loader = paddedBatches(sequences, { batch: 3, paddingValue: 9, batchFirst });
    const seen: number[][] = [];
    for (const [{ inputs, lengths, mask, targets }] of loader.pass()) {
      const steps = Math.max(...lengths);
      const [x, m] = [inputs, mask].map(
        (each) => (batchFirst ? each : each.transpose()).toArray() as number[][],
      );
      expect([inputs.dtype, mask.dtype, targets.shape]).toEqual(['int32', 'float32', [0]]);
      expect(inputs.shape).toEqual(batchFirst ? [lengths.length, steps] : [steps, lengths.length]);
      lengths.forEach((length, b) => {
        seen.push(x![b]!.slice(0, length));
        expect(x![b]!.slice(length)).toEqual(new Array(steps - length).fill(9));
        expect(m![b]).toEqual(Array.from({ length: steps }, (_, t) => (t < length ? 1 : 0)));
      });
    }
    expect(seen).toEqual(sequences.map((each) => [...each]));
  }
});

test('Recurrent gives each sequence of a batch what it gives it alone, by lengths and by mask', () => {
  const cell = new RNNCell(2, 3, { random, dtype: 'float64' });
  const recurrent = new Recurrent(cell);
  const sequences = [4, 1, 3].map((length) => normal([length, 2], { random, dtype: 'float64' }));
  const loader = paddedBatches(sequences, { batch: 3, paddingValue: Number.NaN, dtype: 'float64' });
  const [{ inputs, lengths, mask }] = loader.next().value;
  for (const padding of [{ lengths }, { mask }]) {
    const { state } = recurrent.forward(inputs, undefined, padding);
    sequences.forEach((each, b) => {
      const alone = recurrent.forward(each.reshape([each.shape[0]!, 1, 2])).state;
      expect(state.select(b).toArray()).toEqual(alone.select(0).toArray());
    });
  }
});

test('Padding changes neither a loss nor its gradient: by targets of -100, and by the mask', () => {
  const embedding = new Embedding(5, 4, { random });
  const sequences = draw([4, 2, 1]);
  const targets = draw([4, 2, 1]);
  const loss = (options: Partial<PaddedOptions>, masked: boolean) =>
    grad(embedding, () => {
      const {
        inputs,
        targets: y,
        mask,
      } = paddedBatches(sequences, { batch: 3, targets, ...options }).next().value[0];
      return crossEntropy(
        embedding.forward(inputs).chunk(1, -1)[0]!,
        y.cast('int32'),
        masked ? { mask, reduction: 'sum' } : { reduction: 'sum' },
      );
    })();
  const wide = new Embedding(5, 5, { random });
  Object.assign(embedding, { weight: wide.weight });
  const bySum = sequences.map((x, i) =>
    grad(embedding, () =>
      crossEntropy(embedding.forward(tensor(x)), tensor(targets[i]!), { reduction: 'sum' }),
    )(),
  );
  const expected = bySum.map(({ weight }) => weight as Tensor).reduce((a, b) => a.add(b));
  for (const got of [loss({}, false), loss({ targetPadding: 3 }, true)])
    expect((got.weight as Tensor).sub(expected).abs().max().item()).toBeLessThan(1e-6);
});

test('Without lengths a plan records once for each T, and with them for each combination', () => {
  const sequences = draw([1, 2, 3, 1, 2, 3, 3, 2]);
  const recorded = (lengths: boolean) => {
    const sum = plan((batch: PaddedBatch) => batch.mask.sum());
    for (const [batch] of paddedBatches(sequences, { batch: 2, buckets: [3], lengths }).pass()) sum(batch);
    return sum.stats.recorded;
  };
  expect([recorded(false), recorded(true)]).toEqual([1, 4]);
});

test('Targets are classes, numbers, or sequences as long as the inputs', () => {
  const sequences = draw([2, 1]);
  const of = (targets: NonNullable<PaddedOptions['targets']>) =>
    paddedBatches(sequences, { batch: 2, targets }).next().value[0].targets;
  expect(of(Int32Array.of(7, 8)).toArray()).toEqual([7, 8]);
  expect([of(Int32Array.of(7, 8)).dtype, of(Float32Array.of(0.5, 2)).dtype]).toEqual(['int32', 'float32']);
  expect(of(Float32Array.of(0.5, 2)).toArray()).toEqual([0.5, 2]);
  expect(of([Int32Array.of(1, 2), Int32Array.of(3)]).toArray()).toEqual([
    [1, 3],
    [2, -100],
  ]);
  expect(of([Float64Array.of(1, 2), Float64Array.of(3)]).toArray()).toEqual([
    [[1], [3]],
    [[2], [0]],
  ]);
  expect(() => of(Int32Array.of(1))).toThrow(
    'paddedBatches: expected 2 targets, one for each sequence, got 1',
  );
  expect(() => of(draw([2, 2]))).toThrow(
    'targets as long as their sequences, got 2 steps for 1 in targets[1]',
  );
});

test('A bucket has one T, the smallest bound that fits; by count, buckets hold about as many sequences', () => {
  const sequences = draw(Array.from({ length: 40 }, (_, i) => 1 + ((7 * i) % 20)));
  const shapes = (buckets: number | number[]) =>
    [...paddedBatches(sequences, { batch: 4, buckets, random: new Random(1) }).pass()].map(([b]) => [
      b.inputs.shape[0]!,
      ...b.lengths,
    ]);
  for (const [steps, ...lengths] of shapes([5, 12, 30])) {
    expect([5, 12, 30].find((bound) => bound >= Math.max(...lengths))).toBe(steps);
    expect([5, 12, 30].find((bound) => bound >= Math.min(...lengths))).toBe(steps);
  }
  expect(new Set(shapes(4).map(([steps]) => steps))).toEqual(new Set([5, 10, 15, 20]));
  expect(() => shapes([5])).toThrow('sequences of at most 5 steps, the largest bucket, got one of 20');
  expect(() => shapes([5, 3])).toThrow('expected ascending lengths for buckets, got [5, 3]');
});

test('Sequences of other kinds are refused with the kind', () => {
  const of =
    (...sequences: unknown[]) =>
    () =>
      paddedBatches(sequences as never, { batch: 1 });
  expect(of([1, 2])).toThrow(
    'paddedBatches: expected indices or values, got a list of numbers for sequences[0]; write Int32Array.of(…) for indices',
  );
  expect(of(Int32Array.of(1), Float32Array.of(1))).toThrow(
    'paddedBatches: expected indices in all of sequences, got values of 1 feature in sequences[1]',
  );
  expect(of()).toThrow('paddedBatches: expected a list of sequences for sequences, got an array');
});
