import { gradcheck, hvp, valueAndGrad, vjp } from '@chronograd/autograd';
import { type Dtype, normal, Random, ShapeError, type Tensor, tensor, zeros } from '@chronograd/tensor';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  binaryCrossEntropy,
  crossEntropy,
  gaussianNLL,
  huber,
  type LossOptions,
  mse,
  quantileLoss,
} from '../../src/index.ts';
import { relativeError } from '../differences.ts';

const numbers = (x: Tensor): number[] => [...x.toTypedArray()];
const double = (values: readonly number[], shape: readonly number[]) =>
  tensor(Float64Array.from(values), { shape });

/** A loss of outputs [T, B, F] and targets that fit it. */
interface Case {
  readonly loss: (x: Tensor, y: Tensor, options: LossOptions) => Tensor;
  readonly target: (random: Random) => number;
  /** Targets have the outputs' last axis, or (classes) not. */
  readonly whole: boolean;
  readonly dtype: Dtype;
  /** What no target may be. */
  readonly odd: number;
}
const [F, cases] = [
  3,
  {
    crossEntropy: {
      loss: crossEntropy,
      target: (random) => random.integer(3),
      whole: false,
      dtype: 'int32',
      odd: 99,
    },
    mse: { loss: mse, target: (random) => random.normal(), whole: true, dtype: 'float64', odd: Number.NaN },
    binaryCrossEntropy: {
      loss: binaryCrossEntropy,
      target: (random) => random.uniform(),
      whole: true,
      dtype: 'float64',
      odd: Number.NaN,
    },
    huber: {
      loss: huber,
      target: (random) => random.normal(),
      whole: true,
      dtype: 'float64',
      odd: Number.NaN,
    },
    gaussianNLL: {
      loss: (x, y, options) => gaussianNLL(x, y, { ...options, logVariance: x.mul(0.3) }),
      target: (random) => random.normal(),
      whole: true,
      dtype: 'float64',
      odd: Number.NaN,
    },
    'gaussianNLL of a variance': {
      loss: (x, y, options) => gaussianNLL(x, y, { ...options, variance: x.mul(0.1).add(5) }),
      target: (random) => random.normal(),
      whole: true,
      dtype: 'float64',
      odd: Number.NaN,
    },
    quantileLoss: {
      loss: (x, y, options) => quantileLoss(x, y, [0.1, 0.5, 0.9], options),
      target: (random) => random.normal(),
      whole: false,
      dtype: 'float64',
      odd: Number.NaN,
    },
  } satisfies Record<string, Case>,
] as const;

test.each(Object.entries<Case>(cases))(
  '%s: what is masked adds nothing to value or gradients, even NaN and impossible targets; the rest is as if it were alone',
  (_, { loss, target, whole, dtype, odd }) => {
    const size = fc.integer({ min: 1, max: 4 });
    const kinds = fc.constantFrom<Dtype>('float32', 'float64', 'int32');
    fc.assert(
      fc.property(
        size,
        size,
        fc.nat(),
        kinds,
        fc.constantFrom('mean', 'sum'),
        (T, B, seed, kind, reduction) => {
          const random = new Random(seed);
          const width = whole ? F : 1;
          const kept = Array.from({ length: T * B }, () => random.uniform() < 0.6);
          const rows = kept.map((keep) => ({
            keep,
            x: Array.from({ length: F }, () => (keep ? random.normal() * 3 : Number.NaN)),
            y: Array.from({ length: width }, () => (keep ? target(random) : odd)),
          }));
          const tensors = (of: typeof rows, lead: number[]) =>
            [
              double(
                of.flatMap(({ x }) => x),
                [...lead, F],
              ),
              tensor(
                of.flatMap(({ y }) => y),
                { dtype },
              ).reshape(whole ? [...lead, F] : lead),
            ] as const;
          const [x, y] = tensors(rows, [T, B]);
          // Any number but 0 counts.
          const mask = tensor(
            kept.map((keep) => (keep ? -2 : 0)),
            { dtype: kind },
          ).reshape([T, B]);
          const { value, grads } = valueAndGrad((at: Tensor) => loss(at, y, { mask, reduction }))(x);
          const counting = rows.filter(({ keep }) => keep);
          if (counting.length === 0) {
            expect(value.item()).toBe(0);
            expect(numbers(grads).every((g) => g === 0)).toBe(true);
            return;
          }
          const [aloneX, aloneY] = tensors(counting, [counting.length]);
          const alone = valueAndGrad((at: Tensor) => loss(at, aloneY, { reduction }))(aloneX);
          expect(relativeError([value.item()], [alone.value.item()])).toBeLessThanOrEqual(1e-13);
          const rest = numbers(grads).filter((_, i) => kept[Math.floor(i / F)]);
          expect(relativeError(rest, numbers(alone.grads))).toBeLessThanOrEqual(1e-13);
          const masked = numbers(grads).filter((_, i) => !kept[Math.floor(i / F)]);
          expect(masked.every((g) => g === 0)).toBe(true);
        },
      ),
      { seed: 1, numRuns: 50 },
    );
  },
);

test('Masked losses have gradients that equal differences, first and second order; NaN under the mask stays out of both', () => {
  const random = new Random(5);
  const x = normal([2, 3], { random, dtype: 'float64' });
  const v = normal([2, 3], { random, dtype: 'float64' });
  const mask = tensor([1, 0], { dtype: 'int32' });
  const spoiled = double([...numbers(x).slice(0, 3), Number.NaN, Number.NaN, Number.NaN], [2, 3]);
  const y = double([0, 1, 0.3, Number.NaN, 2, 7], [2, 3]);
  const classes = tensor([2, -7], { dtype: 'int32' });
  for (const reduction of ['mean', 'sum'] as const) {
    const options = { mask, reduction };
    for (const loss of [
      (at: Tensor) => mse(at, y, options),
      (at: Tensor) => binaryCrossEntropy(at, y, options),
      (at: Tensor) => crossEntropy(at, classes, options),
    ]) {
      gradcheck(loss, [x], { order: 2 });
      const [clean, odd] = [x, spoiled].map((at) => hvp(loss, at, v));
      expect(numbers(odd!.product)).toEqual(numbers(clean!.product));
      expect(numbers(odd!.product).slice(3).map(Math.abs)).toEqual([0, 0, 0]);
    }
  }
});

test('Masks have the shape of what they mask, or of its leading axes', () => {
  const [x, y] = [zeros([2, 3]), zeros([2, 3])];
  for (const shape of [[], [2], [2, 3]]) expect(mse(x, y, { mask: zeros(shape) }).item()).toBe(0);
  for (const [loss, mask, message] of [
    [
      () => mse(x, y, { mask: zeros([3]) }),
      [3],
      'mse: expected a mask [2, 3] or with its leading axes, got [3]',
    ],
    [
      () => binaryCrossEntropy(x, y, { mask: zeros([2, 3, 1]) }),
      [],
      'binaryCrossEntropy: expected a mask [2, 3] or with its leading axes, got [2, 3, 1]',
    ],
    [
      () => crossEntropy(x, zeros([2], { dtype: 'int32' }), { mask: zeros([2, 3]) }),
      [],
      'crossEntropy: expected a mask [2] or with its leading axes, got [2, 3]',
    ],
  ] as const) {
    expect(loss, `${mask}`).toThrow(ShapeError);
    expect(loss).toThrow(message);
  }
  const list = [1, 0] as unknown as Tensor;
  expect(() => mse(x, y, { mask: list })).toThrow('mse: mask: expected a tensor, got an array');
});

/** −t·log σ(z) − (1 − t)·log(1 − σ(z)), where the probabilities are not rounded away. */
const plainBinary = (z: number, t: number): number =>
  t * Math.log1p(Math.exp(-z)) + (1 - t) * Math.log1p(Math.exp(z));

test('Binary cross-entropy is its formula in plain numbers, as mean and as sum; its gradient is σ(z) − t', () => {
  const entry = fc.tuple(
    fc.double({ min: -30, max: 30, noNaN: true }),
    fc.double({ min: 0, max: 1, noNaN: true }),
  );
  fc.assert(
    fc.property(fc.array(entry, { minLength: 1, maxLength: 8 }), (entries) => {
      const n = entries.length;
      const [z, t] = [0, 1].map((at) =>
        double(
          entries.map((each) => each[at as 0 | 1]),
          [n],
        ),
      ) as [Tensor, Tensor];
      const sum = entries.reduce((total, [each, target]) => total + plainBinary(each, target), 0);
      expect(relativeError([binaryCrossEntropy(z, t).item()], [sum / n])).toBeLessThanOrEqual(1e-13);
      const { value, grads } = valueAndGrad((at: Tensor) => binaryCrossEntropy(at, t, { reduction: 'sum' }))(
        z,
      );
      expect(relativeError([value.item()], [sum])).toBeLessThanOrEqual(1e-13);
      const wanted = entries.map(([each, target]) => 1 / (1 + Math.exp(-each)) - target);
      expect(relativeError(numbers(grads), wanted, 1e-15)).toBeLessThanOrEqual(1e-13);
    }),
    { seed: 1, numRuns: 100 },
  );
});

test('Binary cross-entropy neither overflows nor cancels: sure answers cost e^−|z|, wrong ones |z|, with gradients to match', () => {
  const z = double([800, -800, 800, -800, 40, -40, 0], [7]);
  const t = double([1, 0, 0, 1, 1, 0, 1], [7]);
  const losses = numbers(z).map((each, i) =>
    binaryCrossEntropy(double([each], [1]), double([numbers(t)[i]!], [1])).item(),
  );
  expect(losses.slice(0, 4)).toEqual([0, 0, 800, 800]);
  expect(relativeError(losses.slice(4), [Math.exp(-40), Math.exp(-40), Math.log(2)])).toBeLessThanOrEqual(
    1e-14,
  );
  expect(relativeError(losses.slice(4, 6), [Math.exp(-40), Math.exp(-40)])).toBeLessThanOrEqual(1e-14);
  const g = vjp(
    (at: Tensor) => binaryCrossEntropy(at, t, { reduction: 'sum' }),
    z,
    tensor(1, { dtype: 'float64' }),
  );
  expect(numbers(g.grads).slice(0, 4).map(Math.abs)).toEqual([0, 0, 1, 1]);
  expect(numbers(g.grads)[6]).toBe(-0.5);
});

test('Gradients of binary cross-entropy in logits and targets equal differences, first and second order, at 0 as elsewhere', () => {
  const z = double([0, 1, -2, 0.5, 3, -0.25], [2, 3]);
  const t = double([0, 1, 0.25, 0.5, 0.75, 1], [2, 3]);
  gradcheck((logits, targets) => binaryCrossEntropy(logits, targets), [z, t], { order: 2 });
});

test('Binary cross-entropy throws for shapes that differ, integers, and a reduction that there is not', () => {
  expect(() => binaryCrossEntropy(zeros([2]), zeros([2, 1]))).toThrow(
    'binaryCrossEntropy: expected logits and targets of equal shapes, got [2] and [2, 1]',
  );
  const ints = tensor([1, 0], { dtype: 'int32' });
  expect(() => binaryCrossEntropy(ints, ints)).toThrow(
    'binaryCrossEntropy: logits: expected a float tensor, got int32',
  );
  expect(() => binaryCrossEntropy(zeros([2]), ints)).toThrow(
    'binaryCrossEntropy: expected logits and targets of one dtype, got float32 and int32',
  );
  const none = { reduction: 'max' } as unknown as LossOptions;
  expect(() => binaryCrossEntropy(zeros([2]), zeros([2]), none)).toThrow(
    "binaryCrossEntropy: expected 'mean', 'sum' or 'none' for reduction",
  );
});
