import { grad, valueAndGrad } from '@chronograd/autograd';
import {
  DtypeError,
  equal,
  Parameter,
  Random,
  ShapeError,
  type Tensor,
  tensor,
  where,
  zeros,
} from '@chronograd/tensor';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type CrossEntropyOptions, crossEntropy, Module, mse, normalInit } from '../../src/index.ts';
import { errorAgainstDifferences, relativeError } from '../differences.ts';

const random = new Random(1);
const some = (...shape: number[]): Tensor => normalInit(2)(shape, { random, dtype: 'float64' });
const ints = (values: number[] | number[][]): Tensor => tensor(values, { dtype: 'int32' });

class Logits extends Module {
  readonly logits: Parameter;
  constructor(logits: Tensor) {
    super();
    this.logits = new Parameter(logits);
  }
}

/** −log softmax(row)[target], in plain numbers. */
function plain(row: number[], target: number): number {
  const largest = Math.max(...row);
  return Math.log(row.reduce((sum, y) => sum + Math.exp(y - largest), 0)) - (row[target]! - largest);
}

test('Cross-entropy is the sum, or the mean over what counts, of −log softmax at the target, over any leading axes', () => {
  const size = fc.integer({ min: 1, max: 5 });
  fc.assert(
    fc.property(fc.array(size, { maxLength: 2 }), size, fc.nat(), (lead, classes, seed) => {
      const logits = some(...lead, classes);
      const n = lead.reduce((a, b) => a * b, 1);
      const draw = new Random(seed);
      const targets = Int32Array.from({ length: n }, () => draw.integer(classes + 1) - 1);
      const rows = Array.from({ length: n }, (_, i) => [
        ...logits.toTypedArray().slice(i * classes, (i + 1) * classes),
      ]);
      const losses = rows.map((row, i) => (targets[i] === -1 ? 0 : plain(row, targets[i]!)));
      const sum = losses.reduce((a, b) => a + b, 0);
      const counted = targets.filter((target) => target !== -1).length;
      const y = tensor(targets, { shape: lead });
      const loss = (options: CrossEntropyOptions) =>
        crossEntropy(logits, y, { ignoreIndex: -1, ...options }).item();
      expect(relativeError([loss({ reduction: 'sum' })], [sum])).toBeLessThanOrEqual(1e-13);
      expect(relativeError([loss({})], [sum / Math.max(1, counted)])).toBeLessThanOrEqual(1e-13);
      expect(loss({ reduction: 'mean' })).toBe(loss({}));
    }),
    { seed: 1, numRuns: 100 },
  );
});

test('Gradients equal differences; ignored rows get exactly 0', () => {
  const model = new Logits(some(2, 3, 4));
  const targets = ints([
    [0, 3, -100],
    [2, -100, 1],
  ]);
  for (const reduction of ['sum', 'mean'] as const) {
    const loss = () => crossEntropy(model.logits, targets, { reduction });
    expect(errorAgainstDifferences(model, loss)).toBeLessThanOrEqual(1e-9);
    const g = valueAndGrad(model, loss)().grads.logits;
    for (const ignored of [g.slice(0, 2), g.slice(1, 1)]) expect(ignored.toArray()).toEqual([0, 0, 0, 0]);
  }
});

test('Ignored rows change nothing, whatever their logits and number', () => {
  const logits = some(3, 4);
  const kept = crossEntropy(logits, ints([1, 3, 0])).item();
  const longer = tensor([...logits.toTypedArray(), 1e300, -1e300, 3, 4, 5, 6, 7, 8], { dtype: 'float64' });
  expect(crossEntropy(longer.reshape([5, 4]), ints([1, 3, 0, -100, -100])).item()).toBe(kept);
});

test('In ignored rows even NaN and infinities stay out of gradients of any order', () => {
  const rows = normalInit(1)([3, 4], { random: new Random(7), dtype: 'float64' });
  const directions = normalInit(1)([3, 4], { random: new Random(8), dtype: 'float64' });
  const target = ints([2, -100, 0]);
  const products = (odd: number) => {
    const logits = where(equal(target, -100).unsqueeze(-1), odd, rows);
    const loss = (x: Tensor) => crossEntropy(x, target);
    const second = (x: Tensor) => grad(loss)(x).mul(directions).sum();
    const third = (x: Tensor) => grad(second)(x).mul(directions).sum();
    return [loss, second, third].map((each) => grad(each)(logits).toArray());
  };
  const expected = products(0);
  expect(expected.map((each) => (each as number[][])[1])).toEqual([
    [0, 0, 0, 0],
    [0, 0, 0, 0],
    [0, 0, 0, 0],
  ]);
  for (const odd of [Number.NaN, Infinity, -Infinity]) expect(products(odd)).toEqual(expected);
});

test('A counted row of NaN is not hidden', () => {
  const logits = tensor([[Number.NaN, 1]], { dtype: 'float64' });
  const loss = (x: Tensor) => crossEntropy(x, ints([0]));
  const second = (x: Tensor) =>
    grad(loss)(x)
      .mul(tensor([[1, 2]], { dtype: 'float64' }))
      .sum();
  for (const each of [loss, second]) expect(grad(each)(logits).toArray()).toEqual([[Number.NaN, Number.NaN]]);
});

test('Anything but a tensor is rejected with a readable message that names the argument', () => {
  const none = undefined as unknown as Tensor;
  expect(() => crossEntropy(none, none)).toThrow('crossEntropy: logits: expected a tensor, got undefined');
  expect(() => crossEntropy(tensor([1]), none)).toThrow(
    'crossEntropy: targets: expected a tensor, got undefined',
  );
  expect(() => mse(none, none)).toThrow('mse: output: expected a tensor, got undefined');
  expect(() => mse(tensor([1]), 1 as unknown as Tensor)).toThrow(
    'mse: target: expected a tensor, got a number',
  );
});

test('−100 is ignored unless another index is named; a class that pads can be', () => {
  const logits = some(3, 4);
  const both = crossEntropy(logits, ints([1, -100, 2]), { reduction: 'sum' }).item();
  const padded = crossEntropy(logits, ints([1, 0, 2]), { reduction: 'sum', ignoreIndex: 0 }).item();
  expect(padded).toBe(both);
  expect(() => crossEntropy(logits, ints([1, -100, 2]), { ignoreIndex: 0 })).toThrow(
    'expected targets from 0 to 3, got -100 in row 1',
  );
});

test('Where all targets are ignored, or there are none, the loss is 0 and so are all gradients', () => {
  for (const reduction of ['sum', 'mean'] as const) {
    const model = new Logits(some(2, 3));
    const { value, grads } = valueAndGrad(model, () =>
      crossEntropy(model.logits, ints([-100, -100]), { reduction }),
    )();
    expect(value.item()).toBe(0);
    expect([...grads.logits.toTypedArray()].map(Math.abs)).toEqual([0, 0, 0, 0, 0, 0]);
    expect(crossEntropy(zeros([0, 3]), tensor(new Int32Array(0)), { reduction }).item()).toBe(0);
  }
});

test('Huge logits give finite losses and gradients: a difference of 2,000 is a loss of 2,000', () => {
  for (const dtype of ['float32', 'float64'] as const) {
    const model = new Logits(
      tensor(
        [
          [1000, -1000],
          [-1000, 1000],
          [3e38, 3e38],
        ],
        { dtype },
      ),
    );
    const { value, grads } = valueAndGrad(model, () =>
      crossEntropy(model.logits, ints([1, 1, 0]), { reduction: 'sum' }),
    )();
    expect(value.item()).toBeCloseTo(2000 + Math.log(2), 3);
    expect(grads.logits.toArray()).toEqual([
      [1, -1],
      [0, 0],
      [-0.5, 0.5],
    ]);
  }
});

test('The loss does not change when a number is added to all logits of a row, and classes may change places', () => {
  const logits = some(4, 5);
  const targets = ints([0, 4, 2, 2]);
  const loss = crossEntropy(logits, targets).item();
  expect(crossEntropy(logits.add(some(4, 1)), targets).item()).toBeCloseTo(loss, 12);
  expect(crossEntropy(logits.flip(1), ints([4, 0, 2, 2])).item()).toBeCloseTo(loss, 12);
});

test('Cross-entropy throws for shapes that do not fit, targets that are no indices, and classes that are not there', () => {
  const refused = (logits: Tensor, targets: Tensor) => () => crossEntropy(logits, targets);
  expect(refused(zeros([2, 3]), ints([0, 1, 2]))).toThrow(ShapeError);
  expect(refused(zeros([2, 3]), ints([0, 1, 2]))).toThrow(
    'crossEntropy: expected logits [..., V] and targets [...] or [..., V], got [2, 3] and [3]',
  );
  expect(refused(zeros([]), ints([0]).reshape([]))).toThrow(ShapeError);
  expect(refused(zeros([2, 0]), ints([0, 1]))).toThrow('expected at least one class, got logits [2, 0]');
  expect(refused(zeros([2, 3]), ints([0, 3]))).toThrow('expected targets from 0 to 2, got 3 in row 1');
  expect(refused(zeros([2, 3]), zeros([2]))).toThrow(DtypeError);
  expect(refused(ints([[1, 2]]), ints([0]))).toThrow(DtypeError);
});

test('Mean squared error is the mean, or the sum, of squared differences; its gradients equal differences', () => {
  const model = new Logits(some(2, 3));
  const target = some(2, 3);
  const squares = [...model.logits.toTypedArray()].map((x, i) => (x - target.toTypedArray()[i]!) ** 2);
  const sum = squares.reduce((a, b) => a + b, 0);
  expect(mse(model.logits, target).item()).toBeCloseTo(sum / 6, 12);
  expect(mse(model.logits, target, { reduction: 'sum' }).item()).toBeCloseTo(sum, 12);
  for (const reduction of ['sum', 'mean'] as const) {
    expect(
      errorAgainstDifferences(model, () => mse(model.logits, target, { reduction })),
    ).toBeLessThanOrEqual(1e-9);
  }
  expect(() => mse(zeros([2, 3]), zeros([3]))).toThrow(
    'mse: expected output and target of equal shapes, got [2, 3] and [3]',
  );
});

test('An unknown reduction is rejected by name', () => {
  const none = { reduction: 'max' } as unknown as { reduction: 'sum' };
  const targets = tensor([0], { dtype: 'int32' });
  expect(() => crossEntropy(zeros([1, 2]), targets, none)).toThrow(
    `crossEntropy: expected 'mean', 'sum' or 'none' for reduction, got "max"`,
  );
  expect(() => mse(zeros([2]), zeros([2]), none)).toThrow(
    "mse: expected 'mean', 'sum' or 'none' for reduction",
  );
});
