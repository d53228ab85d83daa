import { gradcheck, valueAndGrad, vjp } from '@chronograd/autograd';
import { DtypeError, normal, ones, Random, type Tensor, tensor, ValueError } from '@chronograd/tensor';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Dropout, Module } from '../../src/index.ts';

const made = (p: number, seed = 1) => new Dropout(p, { random: new Random(seed) });
const numbers = (x: Tensor): number[] => [...x.toTypedArray()];

test('Each element is 0, or itself divided by 1 − p; the gradient is dropped and scaled at the same places', () => {
  const shape = fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 3 });
  fc.assert(
    fc.property(shape, fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(), (size, p, seed) => {
      for (const dtype of ['float32', 'float64'] as const) {
        const x = normal(size, { random: new Random(seed), dtype });
        const y = made(p, seed).forward(x);
        const g = normal(size, { random: new Random(seed + 1), dtype });
        const gx = vjp((at: Tensor) => made(p, seed).forward(at), x, g).grads;
        expect([y.shape, y.dtype, gx.shape, gx.dtype]).toEqual([size, dtype, size, dtype]);
        const scale = p === 1 ? 0 : 1 / (1 - p);
        const [scaledX, scaledG] = [numbers(x.mul(scale)), numbers(g.mul(scale))];
        numbers(y).forEach((each, i) => {
          const kept = each !== 0;
          expect(each).toBe(kept ? scaledX[i] : 0);
          expect(Math.abs(numbers(gx)[i]!)).toBe(kept ? Math.abs(scaledG[i]!) : 0);
        });
      }
    }),
    { seed: 1, numRuns: 60 },
  );
});

test('Of 100,000 ones a share of p is dropped, and their mean stays 1, both within four standard deviations', () => {
  for (const p of [0.1, 0.5, 0.9]) {
    const y = made(p).forward(ones([100_000]));
    const share = numbers(y).filter((each) => each === 0).length / 1e5;
    expect(Math.abs(share - p)).toBeLessThan(4 * Math.sqrt((p * (1 - p)) / 1e5));
    expect(Math.abs(y.mean().item() - 1)).toBeLessThan(4 * Math.sqrt(p / (1 - p) / 1e5));
  }
});

test('In evaluation mode, and for p = 0, it is the identity and draws nothing', () => {
  const x = tensor([1, Number.NaN, -0]);
  const [none, half] = [made(0), made(0.5)];
  half.evaluate();
  for (const dropout of [none, half]) {
    expect(dropout.forward(x)).toBe(x);
    expect(dropout.random.state).toEqual(new Random(1).state);
  }
  half.train();
  expect(
    half
      .forward(ones([63]))
      .sum()
      .item(),
  ).not.toBe(63);
});

test('For p = 1 values and gradients are 0, of infinity and NaN too; for other p, NaN that is dropped leaves no trace', () => {
  const x = tensor([1, Number.POSITIVE_INFINITY, Number.NaN]);
  const { value, grads } = vjp((at: Tensor) => made(1).forward(at), x, x);
  expect([numbers(value), numbers(grads)]).toEqual([
    [0, 0, 0],
    [0, 0, 0],
  ]);
  const many = vjp(
    (at: Tensor) => made(0.5).forward(at),
    x.gather(tensor(new Int32Array(64).fill(2))),
    ones([64]),
  );
  for (const each of numbers(many.value)) expect(each === 0 || Number.isNaN(each)).toBe(true);
  for (const each of numbers(many.grads)) expect([0, 2]).toContain(each);
  expect(numbers(many.value)).toContain(0);
});

test('Gradients equal differences, first and second order', () => {
  const x = normal([3, 4], { random: new Random(2), dtype: 'float64' });
  gradcheck((at) => made(0.4, 3).forward(at.mul(at)).tanh(), [x], { order: 2 });
});

test('Equal seeds give equal masks, each call another one; a random that is put back draws the same masks again', () => {
  const x = ones([40]);
  const [dropout, twin] = [made(0.5, 7), made(0.5, 7)];
  const before = dropout.random.state;
  const first = numbers(dropout.forward(x));
  const second = numbers(dropout.forward(x));
  expect(second).not.toEqual(first);
  expect([numbers(twin.forward(x)), numbers(twin.forward(x))]).toEqual([first, second]);
  dropout.random = Random.fromState(before);
  expect([numbers(dropout.forward(x)), numbers(dropout.forward(x))]).toEqual([first, second]);
});

test('Inside a module it follows train and evaluate, and has no parameters', () => {
  class Model extends Module {
    readonly dropout: Dropout = made(0.5);
  }
  const model = new Model();
  expect(model.namedParameters()).toEqual([]);
  expect(model.evaluate().dropout.training).toBe(false);
  const x = ones([32]);
  const run = valueAndGrad((at: Tensor) => model.dropout.forward(at).sum());
  expect(numbers(run(x).grads)).toEqual(numbers(x));
  model.train();
  expect(new Set(numbers(run(x).grads))).toEqual(new Set([0, 2]));
});

test('An invalid p, a missing source of random numbers, and integer inputs are rejected by name', () => {
  for (const p of [-0.1, 1.1, Number.NaN, '0.5' as unknown as number])
    expect(() => made(p)).toThrow(
      `Dropout: expected a number from 0 to 1 for p, got ${typeof p === 'string' ? JSON.stringify(p) : p}`,
    );
  expect(() => made(2)).toThrow(ValueError);
  const plain = Dropout as unknown as new (p: number, options?: object) => Dropout;
  expect(() => new plain(0.5)).toThrow(
    'Dropout: expected { random: new Random(seed) } for the options, got undefined',
  );
  expect(() => new plain(0.5, {})).toThrow(
    'Dropout: expected { random: new Random(seed) } for random, got undefined',
  );
  expect(() => made(0.5).forward(tensor([1], { dtype: 'int32' }))).toThrow(DtypeError);
});
