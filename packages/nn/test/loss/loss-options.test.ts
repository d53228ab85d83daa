import { gradcheck, valueAndGrad } from '@chronograd/autograd';
import {
  DtypeError,
  normal,
  plan,
  Random,
  ShapeError,
  type Tensor,
  tensor,
  uniform,
} from '@chronograd/tensor';
import { expect, test } from 'vitest';
import { binaryCrossEntropy, mse } from '../../src/index.ts';
import { relativeError } from '../differences.ts';

const dtype = 'float64';
const random = new Random(3);
const numbers = (x: Tensor): number[] => [...x.toTypedArray()];
const z = normal([2, 3], { random, dtype, std: 2 });
const t = uniform([2, 3], { random, dtype });
const posWeight = tensor([0.3, 1, 4], { dtype });
const mask = tensor([1, 0], { dtype: 'int32' });

test("'none' gives a loss for each element, 0 where the mask is; 'sum' is its sum", () => {
  for (const loss of [mse, binaryCrossEntropy]) {
    for (const options of [{}, { mask }]) {
      const each = loss(z, t, { ...options, reduction: 'none' });
      expect(each.shape).toEqual([2, 3]);
      if ('mask' in options) expect(numbers(each).slice(3)).toEqual([0, 0, 0]);
      const sum = numbers(each).reduce((a, b) => a + b);
      expect(relativeError([loss(z, t, { ...options, reduction: 'sum' }).item()], [sum])).toBeLessThan(1e-14);
    }
  }
});

test('A posWeight multiplies the losses of positive answers: −p·t·log σ(z) − (1 − t)·log(1 − σ(z)), without overflow or cancellation', () => {
  const at = (logit: number, target: number) => {
    const one = (value: number) => tensor([value], { dtype });
    return binaryCrossEntropy(one(logit), one(target), { posWeight: one(3) }).item();
  };
  expect(at(1, 1)).toBeCloseTo(3 * Math.log1p(Math.exp(-1)), 15);
  expect(at(1, 0)).toBeCloseTo(Math.log1p(Math.exp(1)), 15);
  expect(at(1000, 0)).toBe(1000);
  expect(at(-1000, 1)).toBe(3000);
  expect(at(40, 1) / (3 * Math.exp(-40))).toBeCloseTo(1, 14);
  expect(at(-40, 0) / Math.exp(-40)).toBeCloseTo(1, 14);
  const ones = tensor([1, 1, 1], { dtype });
  const [plain, weighted] = [{}, { posWeight: ones }].map((options) =>
    numbers(binaryCrossEntropy(z, t, { ...options, reduction: 'none' })),
  );
  expect(relativeError(weighted!, plain!)).toBeLessThanOrEqual(1e-14);
});

test('With a posWeight gradients equal differences, first and second order, at 0 too; a plan gives the same bits', () => {
  const zero = z.mul(tensor([0, 1, 1], { dtype }));
  for (const reduction of ['mean', 'none'] as const) {
    const loss = (x: Tensor, y: Tensor, w: Tensor) => {
      const losses = binaryCrossEntropy(x, y, { posWeight: w, mask, reduction });
      return reduction === 'none' ? losses.mul(z).sum() : losses;
    };
    for (const x of [z, zero]) gradcheck(loss, [x, t, posWeight], { order: 2 });
    const step = valueAndGrad((x: Tensor) => loss(x, t, posWeight));
    const planned = plan(step);
    for (const x of [z, zero, z.neg()]) expect(JSON.stringify(planned(x))).toBe(JSON.stringify(step(x)));
  }
});

test('A posWeight that does not broadcast to the logits, and an unknown option, throw an error', () => {
  const refused = (options: object) => expect(() => binaryCrossEntropy(z, t, options));
  for (const shape of [[2], [1, 2, 3], [3, 3], [1, 1, 1]]) {
    const wrong = tensor(new Float64Array(shape.reduce((a, b) => a * b)), { shape });
    refused({ posWeight: wrong }).toThrow(ShapeError);
    refused({ posWeight: wrong }).toThrow(`shape [2, 3], got [${shape.join(', ')}]`);
  }
  refused({ posWeight: tensor([1, 2], { dtype }) }).toThrow(
    "binaryCrossEntropy: expected a posWeight that broadcasts to the logits' shape [2, 3], got [2]",
  );
  refused({ posWeight: tensor([1, 2, 3]) }).toThrow(DtypeError);
  refused({ posWeight: tensor([1, 2, 3]) }).toThrow('expected a posWeight of float64, got float32');
  refused({ posWeight: 2 }).toThrow('binaryCrossEntropy: posWeight: expected a tensor, got a number');
  refused({ pos_weight: posWeight }).toThrow('unknown option "pos_weight"; did you mean posWeight?');
  expect(() => mse(z, t, { posWeight } as object)).toThrow('mse: unknown option "posWeight"');
});
