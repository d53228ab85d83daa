import { grad, gradcheck, valueAndGrad } from '@chronograd/autograd';
import {
  DtypeError,
  normal,
  oneHot,
  plan,
  Random,
  type Tensor,
  tensor,
  uniform,
  ValueError,
} from '@chronograd/tensor';
import { expect, test } from 'vitest';
import { type CrossEntropyOptions, crossEntropy } from '../../src/index.ts';
import { relativeError } from '../differences.ts';

const random = new Random(1);
const dtype = 'float64';
const ints = (values: number[]): Tensor => tensor(values, { dtype: 'int32' });
const double = (values: number[] | number[][]): Tensor => tensor(values, { dtype });
const numbers = (x: Tensor): number[] => [...x.toTypedArray()];

const V = 4;
const logits = normal([3, V], { random, dtype, std: 2 });
const classes = ints([2, -100, 0]);
const allClasses = ints([2, 3, 0]);
const shares = uniform([3, V], { random, dtype }).softmax();
const weight = double([0.5, 2, 1.5, 0.1]);
const mask = ints([1, 0, 1]);

/** Every way to call it, but for reductions. */
const ways: Readonly<Record<string, readonly [target: Tensor, options: CrossEntropyOptions]>> = {
  'class indices': [classes, {}],
  'class indices with weights': [classes, { weight }],
  'class indices, smoothed': [classes, { labelSmoothing: 0.3 }],
  'class indices, smoothed, with weights': [classes, { labelSmoothing: 0.3, weight }],
  'class indices, smoothed, with weights and a mask': [allClasses, { labelSmoothing: 0.3, weight, mask }],
  probabilities: [shares, {}],
  'probabilities with weights': [shares, { weight }],
  'probabilities, smoothed, with weights': [shares, { labelSmoothing: 0.3, weight }],
  'probabilities, smoothed, with weights and a mask': [shares, { labelSmoothing: 0.3, weight, mask }],
};

test.each(Object.entries(ways))(
  '%s: gradients of logits, weights and probabilities equal differences, first and second order; a plan gives the same bits',
  (_, [target, options]) => {
    const soft = target.dtype === dtype;
    for (const reduction of ['mean', 'none'] as const) {
      const loss = (x: Tensor, w: Tensor, y: Tensor) => {
        const own = options.weight === undefined ? {} : { weight: w };
        const losses = crossEntropy(x, soft ? y : target, { ...options, ...own, reduction });
        return reduction === 'none' ? losses.mul(double([1, 2, 3])).sum() : losses;
      };
      gradcheck(loss, [logits, weight, shares], { order: 2 });
      const step = valueAndGrad((at: { x: Tensor; w: Tensor; y: Tensor }) => loss(at.x, at.w, at.y));
      const planned = plan(step);
      for (const x of [logits, logits.mul(2), logits.neg()]) {
        const [plain, replayed] = [step, planned].map((run) => run({ x, w: weight, y: shares }));
        expect(JSON.stringify(replayed)).toBe(JSON.stringify(plain));
      }
    }
  },
);

test.each(Object.entries(ways))(
  "%s: 'none' gives a loss for each row, of which 'sum' is the sum; leading axes are as in the targets",
  (_, [target, options]) => {
    const each = crossEntropy(logits, target, { ...options, reduction: 'none' });
    expect(each.shape).toEqual([3]);
    const sum = crossEntropy(logits, target, { ...options, reduction: 'sum' });
    expect(relativeError([sum.item()], [numbers(each).reduce((a, b) => a + b)])).toBeLessThanOrEqual(1e-14);
    const lead = (x: Tensor) => x.reshape([3, 1, ...x.shape.slice(1)]);
    const spread = crossEntropy(lead(logits), lead(target), { ...options, reduction: 'none' });
    expect(spread.shape).toEqual([3, 1]);
    expect(numbers(spread)).toEqual(numbers(each));
    const mask = options.mask === undefined ? {} : { mask: options.mask.select(0) };
    const single = { ...options, ...mask, reduction: 'none' } as const;
    const alone = crossEntropy(logits.select(0), target.select(0), single);
    expect(alone.shape).toEqual([]);
    expect(relativeError(numbers(alone), numbers(each).slice(0, 1))).toBeLessThanOrEqual(1e-14);
  },
);

test('Class indices are probabilities that are 1 at the index, and smoothing mixes them with even ones, whatever the weights', () => {
  const hot = oneHot(allClasses, V, dtype);
  for (const own of [{}, { weight }]) {
    for (const labelSmoothing of [0, 0.25, 1]) {
      const options = { ...own, reduction: 'none' } as const;
      const smoothed = crossEntropy(logits, allClasses, { ...options, labelSmoothing });
      for (const other of [
        crossEntropy(logits, hot, { ...options, labelSmoothing }),
        crossEntropy(logits, hot.mul(1 - labelSmoothing).add(labelSmoothing / V), options),
      ])
        expect(relativeError(numbers(smoothed), numbers(other))).toBeLessThanOrEqual(1e-14);
    }
  }
});

test('The mean of weighted class indices divides by their weights, that of probabilities by their rows; of no weight it is 0', () => {
  const each = (y: Tensor) => numbers(crossEntropy(logits, y, { weight, reduction: 'none' }));
  const sumOf = (values: number[]) => values.reduce((a, b) => a + b);
  const mean = (y: Tensor, w = weight) => crossEntropy(logits, y, { weight: w }).item();
  expect(mean(classes)).toBeCloseTo(sumOf(each(classes)) / (1.5 + 0.5), 14);
  expect(mean(shares)).toBeCloseTo(sumOf(each(shares)) / 3, 14);
  expect(mean(classes, weight.mul(0))).toBe(0);
  expect(mean(ints([-100, -100, -100]))).toBe(0);
  expect(crossEntropy(double([[]]).reshape([0, 1]), double([[]]).reshape([0, 1])).item()).toBe(0);
});

test('A logit of −∞ that no probability or weight falls on adds nothing; where one does, the loss is ∞', () => {
  const never = Number.NEGATIVE_INFINITY;
  const x = double([[1, never, 2]]);
  const loss = (y: Tensor, options: CrossEntropyOptions = {}) => crossEntropy(x, y, options).item();
  const expected = loss(ints([2]));
  expect(loss(double([[0, 0, 1]]))).toBe(expected);
  const slope = (y: Tensor) => numbers(grad((at: Tensor) => crossEntropy(at, y))(x));
  expect(relativeError(slope(double([[0, 0, 1]])), slope(ints([2])))).toBeLessThanOrEqual(1e-14);
  expect(loss(ints([2]), { labelSmoothing: 0.5, weight: double([1, 0, 1]) })).toBeLessThan(Infinity);
  expect(loss(double([[0, 0.5, 0.5]]))).toBe(Infinity);
  expect(loss(ints([2]), { labelSmoothing: 0.5 })).toBe(Infinity);
});

test('A masked row has a loss of 0, smoothed or not', () => {
  for (const [target, options] of Object.values(ways)) {
    const losses = numbers(crossEntropy(logits, target, { ...options, mask, reduction: 'none' }));
    expect(losses[1]).toBe(0);
    expect(losses[0]).toBeGreaterThan(0);
  }
});

test('NaN in rows that are ignored or masked stays out of value and gradients of every way', () => {
  const spoiled = double([numbers(logits).slice(0, V), new Array<number>(V).fill(Number.NaN), [1, 2, 3, 4]]);
  const clean = double([numbers(logits).slice(0, V), [0, 0, 0, 0], [1, 2, 3, 4]]);
  for (const [target, options] of Object.values(ways)) {
    if (target === shares && options.mask === undefined) continue;
    const run = (x: Tensor) => valueAndGrad((at: Tensor) => crossEntropy(at, target, options))(x);
    expect(JSON.stringify(run(spoiled))).toBe(JSON.stringify(run(clean)));
  }
});

test('An ignoreIndex that is not an int32 is rejected, so that no class is ignored by accident', () => {
  const x = double([[1, 2, 3]]);
  for (const ignoreIndex of [null, Number.NaN, 0.5, '0', 2 ** 32]) {
    const options = { reduction: 'sum', ignoreIndex: ignoreIndex as number } as const;
    expect(() => crossEntropy(x, ints([0]), options)).toThrow(ValueError);
    expect(() => crossEntropy(x, ints([0]), options)).toThrow(
      'crossEntropy: expected a whole number of 32 bits for ignoreIndex, got ',
    );
  }
});

test('Invalid options are rejected with the expected value', () => {
  const refused = (target: Tensor, options: object, x = logits) =>
    expect(() => crossEntropy(x, target, options));
  refused(classes, { labelSmoothing: 1.5 }).toThrow(
    'crossEntropy: expected a number from 0 to 1 for labelSmoothing, got 1.5',
  );
  refused(classes, { labelSmoothing: '0.1' }).toThrow('from 0 to 1 for labelSmoothing, got "0.1"');
  refused(classes, { labelSmoothing: Number.NaN }).toThrow('from 0 to 1 for labelSmoothing, got NaN');
  refused(classes, { weight: double([1, 2]) }).toThrow(
    'crossEntropy: expected a weight [V] for logits [3, 4], got [2]',
  );
  refused(classes, { weight: double([[1, 2, 3, 4]]) }).toThrow('for logits [3, 4], got [1, 4]');
  refused(classes, { weight: tensor([1, 2, 3, 4]) }).toThrow('expected a weight of float64, got float32');
  refused(classes, { mask: null }).toThrow('crossEntropy: mask: expected a tensor, got null');
  refused(shares, { mask: null }).toThrow('crossEntropy: mask: expected a tensor, got null');
  refused(classes, { weight: 2 }).toThrow('crossEntropy: weight: expected a tensor, got a number');
  refused(shares, { ignoreIndex: 0 }).toThrow(
    'crossEntropy: expected no ignoreIndex beside targets that are probabilities, got 0; use mask',
  );
  refused(shares.cast('float32'), {}).toThrow(
    'crossEntropy: expected logits and probabilities of one float dtype, got float64 and float32; cast one',
  );
  refused(shares.reshape([V, 3]), {}).toThrow(
    'crossEntropy: expected logits [..., V] and targets [...] or [..., V], got [3, 4] and [4, 3]',
  );
  refused(double([1, 2, 3]), {}).toThrow(DtypeError);
  for (const [target, x] of [
    [ints([0, 1, 2, 3]), double([1, 2, 3, 4])],
    [tensor(1, { dtype }), tensor(1, { dtype })],
  ] as const)
    refused(target, {}, x).toThrow('expected logits [..., V] and targets [...] or [..., V], got [');
  refused(classes, { labelSmooting: 0.1 }).toThrow(
    'crossEntropy: unknown option "labelSmooting"; did you mean labelSmoothing?',
  );
});

test('errors name crossEntropy, and say where the classes are', () => {
  const scores = normal([2, 3], { random });
  expect(() => crossEntropy(scores, tensor([0, 1]))).toThrow(
    'crossEntropy: expected int32 targets, got float32',
  );
  expect(() => crossEntropy(scores, ints([0, 3]))).toThrow(
    'crossEntropy: expected targets from 0 to 2, got 3 in row 1',
  );
  const channels = normal([2, 3, 5], { random });
  const indices = tensor(new Int32Array(10), { shape: [2, 5] });
  expect(() => crossEntropy(channels, indices)).toThrow(
    'got [2, 3, 5] and [2, 5]; the classes V are the last axis',
  );
  expect(crossEntropy(channels.transpose(1, 2), indices).size).toBe(1);
});
