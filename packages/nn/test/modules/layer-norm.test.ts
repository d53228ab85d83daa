import { gradcheck, valueAndGrad, vjp } from '@chronograd/autograd';
import { DtypeError, normal, plan, Random, type Tensor, tensor, zeros } from '@chronograd/tensor';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LayerNorm } from '../../src/index.ts';
import { relativeError } from '../differences.ts';

const numbers = (x: Tensor): number[] => [...x.toTypedArray()];

/** A layer whose weight and bias are no longer 1 and 0. */
function layer(size: number, dtype: 'float32' | 'float64', random: Random, eps = 1e-5): LayerNorm {
  const norm = new LayerNorm(size, { dtype, eps });
  for (const parameter of norm.parameters()) parameter.assign(normal([size], { random, dtype }));
  return norm;
}

/** Plain rows with mean 0 and variance 1, scaled and shifted, and ∂/∂x of ⟨g, y⟩, by hand. */
function plain(row: number[], g: number[], weight: number[], bias: number[], eps: number) {
  const n = row.length;
  const mean = (values: number[]) => values.reduce((a, b) => a + b, 0) / n;
  const mu = mean(row);
  const sigma = Math.sqrt(mean(row.map((x) => (x - mu) ** 2)) + eps);
  const normed = row.map((x) => (x - mu) / sigma);
  const scaled = g.map((each, i) => each * weight[i]!);
  const along = mean(scaled.map((each, i) => each * normed[i]!));
  return {
    y: normed.map((x, i) => x * weight[i]! + bias[i]!),
    gx: scaled.map((each, i) => (each - mean(scaled) - normed[i]! * along) / sigma),
  };
}

test('Rows are brought to mean 0 and variance 1, scaled and shifted, over any leading axes; values and gradients are those of plain numbers', () => {
  const size = fc.integer({ min: 1, max: 6 });
  fc.assert(
    fc.property(fc.array(size, { maxLength: 2 }), size, fc.nat(), (lead, n, seed) => {
      const random = new Random(seed);
      const norm = layer(n, 'float64', random);
      const x = normal([...lead, n], { random, dtype: 'float64', mean: 3, std: 2 });
      const g = normal([...lead, n], { random, dtype: 'float64' });
      const { value, grads } = vjp((at: Tensor) => norm.forward(at), x, g);
      expect([value.shape, grads.shape]).toEqual([x.shape, x.shape]);
      const [weight, bias] = [numbers(norm.weight!), numbers(norm.bias!)];
      const rows = Array.from({ length: x.size / n }, (_, r) => {
        const part = (of: Tensor) => numbers(of).slice(r * n, (r + 1) * n);
        return plain(part(x), part(g), weight, bias, 1e-5);
      });
      expect(
        relativeError(
          numbers(value),
          rows.flatMap(({ y }) => y),
        ),
      ).toBeLessThanOrEqual(1e-12);
      // A row of one number does not depend on it at all.
      const wanted = rows.flatMap(({ gx }) => gx);
      expect(relativeError(numbers(grads), wanted, 1e-12)).toBeLessThanOrEqual(1e-11);
    }),
    { seed: 1, numRuns: 60 },
  );
});

test("Epsilon defaults to PyTorch's 1e-5: a row with this variance becomes one with variance ½", () => {
  const small = Math.sqrt(1e-5);
  const y = new LayerNorm(2, { dtype: 'float64' }).forward(tensor([small, -small], { dtype: 'float64' }));
  expect(relativeError(numbers(y), [Math.SQRT1_2, -Math.SQRT1_2])).toBeLessThanOrEqual(1e-14);
});

test('Gradients of input, weight and bias equal differences, first and second order, without weight and bias too', () => {
  const random = new Random(1);
  const x = normal([2, 4], { random, dtype: 'float64', mean: 1 });
  const norm = layer(4, 'float64', random);
  gradcheck((model, at) => model.forward(at).tanh(), [norm, x], { order: 2 });
  const bare = new LayerNorm(4, { affine: false });
  gradcheck((at) => bare.forward(at).tanh(), [x], { order: 2 });
});

test('Several last axes are normalized together, as one axis of their size; gradients equal differences, and a plan gives the same bits', () => {
  const random = new Random(6);
  const dtype = 'float64';
  const x = normal([2, 3, 4], { random, dtype, mean: 1 });
  const [several, one] = [new LayerNorm([3, 4], { dtype }), new LayerNorm(12, { dtype })];
  for (const [i, parameter] of several.parameters().entries()) {
    parameter.assign(normal([3, 4], { random, dtype }));
    one.parameters()[i]!.assign(parameter.reshape([12]));
  }
  expect(several.normalizedShape).toEqual([3, 4]);
  expect(several.weight?.shape).toEqual([3, 4]);
  expect(several.forward(x).toArray()).toEqual(
    one
      .forward(x.reshape([2, 12]))
      .reshape([2, 3, 4])
      .toArray(),
  );
  gradcheck((model, at) => model.forward(at).tanh(), [several, x.slice([0, 1])], { order: 2 });
  const step = valueAndGrad(several, (at: Tensor) => several.forward(at).tanh().sum());
  const planned = plan(step);
  for (const at of [x, x.neg(), x.mul(3)]) expect(JSON.stringify(planned(at))).toBe(JSON.stringify(step(at)));
  expect(new LayerNorm([4], { dtype }).forward(x).toArray()).toEqual(
    new LayerNorm(4, { dtype }).forward(x).toArray(),
  );
  expect(() => several.forward(zeros([4, 3], { dtype }))).toThrow(
    'LayerNorm: expected x of shape [..., 3, 4], got [4, 3]',
  );
  expect(() => several.forward(zeros([4], { dtype }))).toThrow(
    'LayerNorm: expected x of shape [..., 3, 4], got [4]',
  );
  expect(() => new LayerNorm([3, 0])).toThrow('for size, got 0');
  expect(() => new LayerNorm([])).toThrow('for the number of axes, got 0');
  expect(() => new LayerNorm(3, { epsilon: 1 } as object)).toThrow('LayerNorm: unknown option "epsilon"');
});

test('A row of equal numbers gives exactly the bias, whatever their size; its gradient is finite and adds up to 0', () => {
  for (const dtype of ['float32', 'float64'] as const) {
    const norm = layer(5, dtype, new Random(2));
    for (const constant of [0, 1000.1, -3e7, 1e30]) {
      const x = tensor(new Array<number>(5).fill(constant), { dtype });
      const { value, grads } = vjp((at: Tensor) => norm.forward(at), x, tensor([1, 2, 3, 4, 5], { dtype }));
      expect(numbers(value)).toEqual(numbers(norm.bias!));
      const largest = Math.max(...numbers(grads).map(Math.abs));
      expect(largest).toBeGreaterThan(0);
      expect(Math.abs(grads.sum().item())).toBeLessThanOrEqual(largest * 1e-5);
    }
  }
});

test('A large offset costs nothing: rows that differ by it are the same to the last digits, in values and gradients', () => {
  // Numbers and offset are multiples of 1/8 with few bits, so float32 holds their sums exactly.
  const random = new Random(3);
  const row = Array.from({ length: 16 }, () => (random.integer(64) - 32) / 8);
  const norm = layer(16, 'float32', random);
  const g = normal([16], { random });
  const at = (offset: number) => {
    const { value, grads } = vjp((x: Tensor) => norm.forward(x), tensor(row.map((x) => x + offset)), g);
    return [...numbers(value), ...numbers(grads)];
  };
  const wanted = at(0);
  for (const offset of [1000, 65536, 1e6])
    expect(relativeError(at(offset), wanted)).toBeLessThanOrEqual(1e-6);
});

test('float32 is near float64, and scaling or shifting a row changes nothing but for epsilon', () => {
  const random = new Random(4);
  const double = layer(7, 'float64', random, 1e-12);
  const single = new LayerNorm(7, { eps: 1e-12 });
  single.weight!.assign(double.weight!.cast('float32'));
  single.bias!.assign(double.bias!.cast('float32'));
  const x = normal([3, 7], { random, dtype: 'float64' });
  const y = double.forward(x);
  expect(relativeError(numbers(single.forward(x.cast('float32'))), numbers(y))).toBeLessThanOrEqual(1e-6);
  expect(relativeError(numbers(double.forward(x.mul(50).add(7))), numbers(y))).toBeLessThanOrEqual(1e-11);
});

test('Weight and bias begin at 1 and 0 and may be left out; what does not fit throws an error that names it', () => {
  expect(new LayerNorm(2).namedParameters().map(([name, p]) => [name, p.toArray()])).toEqual([
    ['weight', [1, 1]],
    ['bias', [0, 0]],
  ]);
  expect(new LayerNorm(2, { bias: false }).namedParameters().map(([name]) => name)).toEqual(['weight']);
  expect(new LayerNorm(2, { affine: false }).namedParameters()).toEqual([]);
  expect(() => new LayerNorm(0)).toThrow('LayerNorm: expected a whole number from 1 on for size, got 0');
  expect(() => new LayerNorm(2, { eps: 0 })).toThrow('LayerNorm: expected a number above 0 for eps, got 0');
  const norm = new LayerNorm(3);
  expect(() => norm.forward(zeros([3, 2]))).toThrow('LayerNorm: expected x of shape [..., 3], got [3, 2]');
  expect(() => norm.forward(zeros([]))).toThrow('LayerNorm: expected x of shape [..., 3], got []');
  expect(() => norm.forward(zeros([3], { dtype: 'int32' }))).toThrow(DtypeError);
});
