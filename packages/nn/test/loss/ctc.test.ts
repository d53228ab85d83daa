import { grad, gradcheck, valueAndGrad } from '@chronograd/autograd';
import {
  DtypeError,
  normal,
  plan,
  Random,
  ShapeError,
  stack,
  type Tensor,
  tensor,
  ValueError,
  where,
  zeros,
} from '@chronograd/tensor';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ctcLoss } from '../../src/index.ts';
import { relativeError } from '../differences.ts';

const dtype = 'float64';
const numbers = (x: Tensor): number[] => [...x.toTypedArray()];
const int32 = (values: readonly (readonly number[])[]): Tensor => tensor(values, { dtype: 'int32' });

/** The labels of an alignment: without repetitions, then without blanks. */
const spelled = (path: readonly number[], blank: number): string =>
  String(path.filter((label, t) => label !== path[t - 1] && label !== blank));

/** All sequences of `steps` classes. */
const paths = (steps: number, classes: number): number[][] =>
  steps === 0
    ? [[]]
    : paths(steps - 1, classes).flatMap((path) =>
        Array.from({ length: classes }, (_, label) => [...path, label]),
      );

/** −log Σ over all alignments of one sequence, by autograd through logSumExp. */
function lossOfAll(logits: Tensor, labels: readonly number[], blank: number): Tensor {
  const [T, V] = logits.shape as [number, number];
  const wanted = paths(T, V).filter((path) => spelled(path, blank) === String(labels));
  const logs = logits.logSoftmax();
  const sums = wanted.map((path) => path.map((label, t) => logs.slice(t, label)).reduce((a, b) => a.add(b)));
  return stack(sums).logSumExp(0).neg();
}

const cases = fc
  .record({ T: fc.integer({ min: 1, max: 4 }), V: fc.integer({ min: 2, max: 3 }), seed: fc.nat() })
  .chain(({ T, V, seed }) =>
    fc.record({
      T: fc.constant(T),
      V: fc.constant(V),
      seed: fc.constant(seed),
      blank: fc.integer({ min: 0, max: V - 1 }),
      labels: fc.array(fc.integer({ min: 0, max: V - 2 }), { maxLength: T }),
    }),
  )
  .map(({ blank, labels, ...rest }) => ({
    ...rest,
    blank,
    labels: labels.map((label) => (label >= blank ? label + 1 : label)),
  }))
  .filter(({ T, labels }) => labels.length + labels.filter((each, k) => each === labels[k - 1]).length <= T);

test('It is −log of the probability of all alignments, and its gradient that of autograd through logSumExp', () => {
  fc.assert(
    fc.property(cases, ({ T, V, seed, blank, labels }) => {
      const logits = normal([T, 1, V], { random: new Random(seed), dtype, std: 2 });
      const targets = tensor(labels, { dtype: 'int32', shape: [1, labels.length] });
      const byHand = valueAndGrad((x: Tensor) => ctcLoss(x, targets, { blank, reduction: 'sum' }))(logits);
      const byAutograd = valueAndGrad((x: Tensor) => lossOfAll(x.squeeze(1), labels, blank))(logits);
      expect(byHand.value.item()).toBeCloseTo(byAutograd.value.item(), 12);
      const difference = numbers(byHand.grads.sub(byAutograd.grads).abs().max())[0]!;
      expect(difference).toBeLessThanOrEqual(1e-13);
    }),
    { seed: 1, numRuns: 120 },
  );
});

const random = new Random(7);
const T = 7;
const logits = normal([T, 3, 4], { random, dtype, std: 2 });
const targets = int32([
  [1, 1, 2],
  [3, -100, -100],
  [2, 3, -100],
]);
const lengths = { inputLengths: [7, 4, 5], targetLengths: [3, 1, 2] };

test('Each sequence of a batch has the loss and the gradient that it has alone, without its padding', () => {
  const batch = valueAndGrad((x: Tensor) => ctcLoss(x, targets, { ...lengths, reduction: 'sum' }))(logits);
  const each = ctcLoss(logits, targets, { ...lengths, reduction: 'none' });
  for (let b = 0; b < 3; b++) {
    const [steps, count] = [lengths.inputLengths[b]!, lengths.targetLengths[b]!];
    const own = targets.slice([b, b + 1], [0, count]);
    const alone = valueAndGrad((x: Tensor) => ctcLoss(x, own, { reduction: 'sum' }))(
      logits.slice([0, steps], [b, b + 1]),
    );
    expect(each.select(b).item()).toBeCloseTo(alone.value.item(), 12);
    const [inside, padding] = batch.grads.select(b, 1).split([steps, T - steps]);
    expect(relativeError(numbers(inside), numbers(alone.grads))).toBeLessThanOrEqual(1e-12);
    expect(numbers(padding).every((value) => value === 0)).toBe(true);
  }
});

test('The mean divides each loss by its number of labels, at least 1', () => {
  const none = numbers(ctcLoss(logits, targets, { ...lengths, reduction: 'none' }));
  const wanted = (none[0]! / 3 + none[1]! / 1 + none[2]! / 2) / 3;
  expect(ctcLoss(logits, targets, lengths).item()).toBeCloseTo(wanted, 13);
  const full = int32([
    [1, 1, 2],
    [3, 1, 2],
    [2, 3, 1],
  ]);
  const sum = ctcLoss(logits, full, { reduction: 'sum' }).item();
  expect(ctcLoss(logits, full).item()).toBeCloseTo(sum / 3 / 3, 13);
  const empty = int32([[], [], []]).reshape([3, 0]);
  expect(ctcLoss(logits, empty).item()).toBeCloseTo(
    ctcLoss(logits, empty, { reduction: 'sum' }).item() / 3,
    13,
  );
  const blanks = numbers(logits.logSoftmax().select(0, -1).sum(0).neg());
  expect(relativeError(numbers(ctcLoss(logits, empty, { reduction: 'none' })), blanks)).toBeLessThan(1e-14);
});

test('NaN in padding changes neither loss nor gradient', () => {
  const real = tensor(
    Array.from({ length: T }, (_, t) => lengths.inputLengths.map((length) => (t < length ? 1 : 0))),
  ).unsqueeze(2);
  const lossOf = (x: Tensor): Tensor => ctcLoss(x, targets, lengths);
  const dirty = where(real, logits, Number.NaN);
  expect(lossOf(dirty).item()).toBe(lossOf(logits).item());
  expect(numbers(grad(lossOf)(dirty))).toEqual(numbers(grad(lossOf)(logits)));
});

test('Its gradients equal differences, first and second order', () => {
  gradcheck((x: Tensor) => ctcLoss(x, targets, { ...lengths, reduction: 'none' }), [logits], { order: 2 });
});

test('Labels that need more steps than there are have loss Infinity and gradient NaN, or 0 and 0', () => {
  const short = { inputLengths: [3, 4, 5], targetLengths: [3, 1, 2] }; // 1, 1, 2 needs four steps
  const lossOf = (zeroInfinity: boolean) => (x: Tensor) =>
    ctcLoss(x, targets, { ...short, zeroInfinity, reduction: 'none' });
  expect(ctcLoss(logits, targets, short).item()).toBe(Number.POSITIVE_INFINITY);
  expect(numbers(lossOf(false)(logits))[0]).toBe(Number.POSITIVE_INFINITY);
  expect(numbers(lossOf(true)(logits))[0]).toBe(0);
  const gradient = (zeroInfinity: boolean, b: number): number[] =>
    numbers(
      grad((x: Tensor) => lossOf(zeroInfinity)(x).sum())(logits)
        .select(b, 1)
        .slice([0, 3]),
    );
  expect(gradient(false, 0).every(Number.isNaN)).toBe(true);
  expect(gradient(true, 0).every((value) => value === 0)).toBe(true);
  expect(gradient(true, 1)).toEqual(gradient(false, 1));
});

test('It is accurate in float32 for confident logits, where probabilities underflow', () => {
  const confident = logits.mul(60);
  const lossOf = (x: Tensor): Tensor => ctcLoss(x, targets, lengths);
  const [single, double] = [confident.cast('float32'), confident.cast('float32').cast('float64')];
  expect(lossOf(single).item() / lossOf(double).item()).toBeCloseTo(1, 6);
  const error = relativeError(numbers(grad(lossOf)(single)), numbers(grad(lossOf)(double)));
  expect(error).toBeLessThanOrEqual(1e-4);
});

test('A plan follows logits, targets and lengths that are tensors', () => {
  type Batch = readonly [x: Tensor, labels: Tensor, steps: Tensor, counts: Tensor];
  const lossOf = (...[x, labels, inputLengths, targetLengths]: Batch): Tensor =>
    grad((at: Tensor) => ctcLoss(at, labels, { inputLengths, targetLengths }))(x);
  const planned = plan(lossOf);
  const vector = (values: readonly number[]): Tensor => tensor(values, { dtype: 'int32' });
  for (let k = 0; k < 4; k++) {
    const labels = int32([0, 1, 2].map(() => [0, 1, 2].map(() => 1 + random.integer(3))));
    const counts = vector([0, 1, 2].map(() => random.integer(4)));
    const steps = vector([0, 1, 2].map(() => 6 + random.integer(2)));
    const batch = [normal([T, 3, 4], { random, dtype }), labels, steps, counts] as const;
    expect(numbers(planned(...batch))).toEqual(numbers(lossOf(...batch)));
  }
  expect(() =>
    planned(
      logits,
      int32([
        [0, 1, 1],
        [1, 1, 1],
        [1, 1, 1],
      ]),
      vector([7, 7, 7]),
      vector([3, 3, 3]),
    ),
  ).toThrow('other than the blank 0, got 0 at [0, 0]');
});

test('A plan checks labels and lengths that it computes itself', () => {
  const lossOf = (x: Tensor, labels: Tensor, steps: Tensor, counts: Tensor): Tensor => {
    const inside = { inputLengths: steps.sub(1), targetLengths: counts.sub(1) };
    const loss = ctcLoss(x, labels.sub(1), inside);
    return loss.add(normal([64], { random, dtype }).sum().mul(0)); // more memory, to be reused
  };
  const planned = plan(lossOf);
  const vector = (values: readonly number[]): Tensor => tensor(values, { dtype: 'int32' });
  for (let k = 0; k < 3; k++) {
    const batch = [logits, targets.add(1), vector([8, 5, 6]), vector([4, 2, 3])] as const;
    expect(planned(...batch).item()).toBe(lossOf(...batch).item());
  }
});

test('Arguments that do not fit are named', () => {
  const x = zeros([3, 2, 4]);
  const labels = int32([[1], [2]]);
  const call = (...args: Parameters<typeof ctcLoss>) => expect(() => ctcLoss(...args));
  call(zeros([3, 4]), labels).toThrow(ShapeError);
  call(zeros([3, 2, 4, 1]), labels).toThrow('got [3, 2, 4, 1] and [2, 1]');
  call(x, labels.unsqueeze(2)).toThrow('got [3, 2, 4] and [2, 1, 1]');
  call(zeros([0, 2, 4]), labels).toThrow('with T ≥ 1');
  call(x, int32([[1]])).toThrow('got [3, 2, 4] and [1, 1]');
  call(x, zeros([2, 1])).toThrow(DtypeError);
  call(x, labels, { blank: 4 }).toThrow('expected a blank from 0 to 3, got 4');
  call(x, labels, { blank: -1 }).toThrow(ValueError);
  call(x, int32([[1], [4]])).toThrow('expected targets from 0 to 3 other than the blank 0, got 4 at [1, 0]');
  call(x, int32([[1], [-1]])).toThrow('got -1 at [1, 0]');
  const wide = int32([
    [1, 0],
    [4, 0],
  ]);
  call(x, wide, { targetLengths: [1, 1] }).toThrow('got 4 at [1, 0]');
  call(x, labels, { inputLengths: [3, 4] }).toThrow(
    '2 whole numbers from 1 to 3 for inputLengths, one for each sequence of the batch, got [3, 4]',
  );
  call(x, labels, { inputLengths: 3 as never }).toThrow(
    '2 whole numbers from 1 to 3 for inputLengths, one for each sequence of the batch, got a number',
  );
  call(x, labels, { inputLengths: [3, 0] }).toThrow('for inputLengths');
  call(x, labels, { targetLengths: [1] }).toThrow(
    '2 whole numbers from 0 to 1 for targetLengths, one for each sequence of the batch, got [1]',
  );
  call(x, labels, { targetLengths: zeros([2]) }).toThrow('expected int32 [2] for targetLengths, got float32');
  call(x, labels, { targetLengths: tensor([1, 2], { dtype: 'int32' }) }).toThrow('from 0 to 1');
});
