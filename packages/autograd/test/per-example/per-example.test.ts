import {
  clippedMeanGradients,
  customGradient,
  detectAnomaly,
  grad,
  perExampleGradients,
  perExampleNorms,
} from '@chronograd/autograd';
import { normal, plan, Random, ShapeError, type Tensor, tensor, ValueError } from '@chronograd/tensor';
import { expect, test } from 'vitest';

const random = new Random(1);
const dtype = 'float64';
const [B, F, H] = [4, 3, 2];
const w = normal([F, H], { random, dtype });
const x = normal([B, F], { random, dtype });
const numbers = (x: Tensor): number[] => [...x.toTypedArray()];

/** The gradients of each loss alone. */
const alone = (losses: (w: Tensor) => Tensor): number[][] =>
  Array.from({ length: B }, (_, b) => numbers(grad((v: Tensor) => losses(v).select(b))(w)));

function expectAlone(losses: (w: Tensor) => Tensor): void {
  const { w: each } = perExampleGradients({ w }, () => losses(w))().grads;
  expect(each.shape).toEqual([B, F, H]);
  alone(losses).forEach((expected, b) => {
    numbers(each.select(b)).forEach((value, i) => void expect(value).toBeCloseTo(expected[i]!, 13));
  });
}

test('a mean over the batch, and losses that compare all pairs, are kept apart', () => {
  const y = (v: Tensor): Tensor => x.matmul(v).tanh();
  expectAlone((v) => y(v).sub(y(v).mean(0)).square().sum(1));
  expectAlone((v) => y(v).matmul(y(v).transpose()).sub(y(v).sum()).exp().sum(1));
});

test('a custom backward is run once for each example if it adds them up, also on its way', () => {
  const summed = customGradient(
    (y) => y,
    (g) => [g.add(g.mean(0))],
  );
  const read = customGradient(
    (y) => y,
    (g) => [g.div(g.square().sum().item())],
  );
  const copied = customGradient(
    (y) => y,
    (g) => [tensor(g.toArray() as number[][], { dtype })],
  );
  for (const odd of [summed, read, copied]) expectAlone((v) => odd(x.matmul(v)).tanh().sum(1));
  let runs = 0;
  const separate = customGradient(
    (y) => y.tanh(),
    (g, y) => {
      runs++;
      return [g.mul(y.square().neg().add(1))];
    },
  );
  perExampleGradients({ w }, () => separate(x.matmul(w)).sum(1))();
  expect(runs).toBe(1);
});

test('a term of the weights alone is in the gradient of each example', () => {
  expectAlone((v) => x.matmul(v).tanh().sum(1).add(v.square().sum().mul(0.1)));
  expectAlone((v) => v.exp().sum().expand([B]));
});

test('what no loss depends on gets zeros, and integers do too', () => {
  const target = { w, unused: normal([2], { random }), whole: tensor([1, 2], { dtype: 'int32' }) };
  const losses = (): Tensor => x.matmul(w).sum(1);
  const { grads } = perExampleGradients(target, losses)();
  expect(numbers(grads.unused)).toEqual(new Array(2 * B).fill(0));
  expect([grads.whole.dtype, grads.whole.shape]).toEqual(['int32', [B, 2]]);
  const { norms } = perExampleNorms(target, losses)();
  expect(numbers(norms)).toEqual(numbers(perExampleNorms({ w }, losses)().norms));
});

test('a batch of one has the gradient of its loss, and its norm', () => {
  const one = (): Tensor => x.slice([0, 1]).matmul(w).tanh().sum(1);
  const { value, grads } = perExampleGradients({ w }, one)();
  expect([value.shape, grads.w.shape]).toEqual([[1], [1, F, H]]);
  const g = grad((v: Tensor) => x.slice([0, 1]).matmul(v).tanh().sum())(w);
  expect(numbers(grads.w)).toEqual(numbers(g));
  const { norms, grads: clipped } = clippedMeanGradients({ w }, one, 0.01)();
  expect(norms.item()).toBeCloseTo(Math.hypot(...numbers(g)), 14);
  expect(Math.hypot(...numbers(clipped.w))).toBeCloseTo(0.01, 14);
});

test('no example has more than its share of the limit, and smaller gradients stay', () => {
  const losses = (): Tensor => x.matmul(w).tanh().sum(1);
  const { grads } = perExampleGradients({ w }, losses)();
  const norms = numbers(perExampleNorms({ w }, losses)().norms);
  const limit = (Math.max(...norms) + Math.min(...norms)) / 2;
  const { grads: mean } = clippedMeanGradients({ w }, losses, limit)();
  const expected = numbers(mean.w).map((_, i) =>
    norms.reduce((sum, norm, b) => sum + (numbers(grads.w.select(b))[i]! * Math.min(1, limit / norm)) / B, 0),
  );
  numbers(mean.w).forEach((value, i) => void expect(value).toBeCloseTo(expected[i]!, 14));
});

test('parameters of two dtypes have one norm', () => {
  const single = w.cast('float32');
  const losses = (): Tensor => x.matmul(w).sum(1).add(x.cast('float32').matmul(single).sum(1).cast(dtype));
  const { norms, grads } = clippedMeanGradients({ w, single }, losses, 1e-3)();
  const alone = numbers(perExampleNorms({ w }, losses)().norms);
  numbers(norms).forEach((norm, b) => void expect(norm).toBeCloseTo(Math.SQRT2 * alone[b]!, 5));
  expect([norms.dtype, grads.w.dtype, grads.single.dtype]).toEqual([dtype, dtype, 'float32']);
});

test('a plan repeats them with the same bits, for other inputs too', () => {
  const losses = (x: Tensor): Tensor => x.matmul(w).tanh().sum(1);
  const others = [x, x.mul(2), x.neg()];
  for (const make of [
    () => perExampleGradients({ w }, losses),
    () => perExampleNorms({ w }, losses),
    () => clippedMeanGradients({ w }, losses, 0.5),
  ]) {
    const planned = plan(make() as (x: Tensor) => object);
    for (const each of others) expect(JSON.stringify(planned(each))).toBe(JSON.stringify(make()(each)));
  }
});

test('aux is passed along, and an anomaly of the backward pass names its op', () => {
  const aux = { more: x.mul(2), steps: 3 };
  expect(perExampleGradients({ w }, () => ({ value: x.matmul(w).sum(1), aux }))().aux.steps).toBe(3);
  const zero = w.mul(0);
  const run = perExampleGradients({ zero }, () => x.matmul(zero).sqrt().sum(1));
  expect(() => detectAnomaly(run)).toThrow(/div/);
});

test('other losses than one float for each example are errors that say so', () => {
  const run = (losses: () => unknown) => () => perExampleNorms({ w }, losses as () => Tensor)();
  expect(run(() => x.matmul(w).sum())).toThrow(ShapeError);
  expect(run(() => x.matmul(w))).toThrow(
    /perExampleNorms: expected one loss for each example, shape \[B\], .* got \[4, 2\]; use reduction: 'none'/,
  );
  expect(run(() => 1)).toThrow(/perExampleNorms: expected a float tensor .* got a number/);
  expect(run(() => null)).toThrow(ValueError);
  expect(run(() => tensor([1], { dtype: 'int32' }))).toThrow(/got int32/);
  expect(run(() => tensor([]))).toThrow(ShapeError);
  for (const limit of [0, -1, Number.NaN, '1' as unknown as number]) {
    expect(() => clippedMeanGradients({ w }, () => x.matmul(w).sum(1), limit)).toThrow(/above 0 for maxNorm/);
  }
});

test('a target without floats has norm 0', () => {
  const { norms, value } = perExampleNorms({ k: tensor([1], { dtype: 'int32' }) }, () => x.sum(1))();
  expect([numbers(norms), value.shape]).toEqual([[0, 0, 0, 0], [B]]);
});
