/** Laws of the engine: how cotangents fan out, meet, and end. */
import { customGradient, grad, valueAndGrad, vjp } from '@chronograd/autograd';
import { concat, linear, outer, Parameter, stack, type Tensor, tensor, where } from '@chronograd/tensor';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { expectEqual } from './rules/laws.ts';
import { decimals, float64, fromTensor, toTensor } from './rules/plain.ts';
import { productOf } from './rules/samples/matmul.ts';

const slope = (f: (x: Tensor) => Tensor, at: number): unknown => grad(f)(float64(at)).item();

test('the shares of all uses of a tensor add up', () => {
  const uses = [(x: Tensor) => x.mul(3), (x: Tensor) => x.neg(), (x: Tensor) => x.mul(x), (x: Tensor) => x];
  const slopes = [3, -1, 10, 1];
  fc.assert(
    fc.property(fc.array(fc.nat({ max: 3 }), { minLength: 1, maxLength: 12 }), (chosen) => {
      const f = (x: Tensor): Tensor => chosen.map((i) => uses[i]!(x)).reduce((sum, each) => sum.add(each));
      expect(slope(f, 5)).toBe(chosen.reduce((sum, i) => sum + slopes[i]!, 0));
    }),
    { seed: 1, numRuns: 100 },
  );
});

test('an unused tensor gets zeros of its shape and dtype', () => {
  const inputs = {
    used: float64([1, 2]),
    unused: tensor([[1, 2, 3]]),
    dropped: float64([4]),
    empty: tensor([], { dtype: 'float64' }),
  };
  const grads = grad(({ used, dropped }: typeof inputs) => {
    dropped.exp();
    return used.sum();
  })(inputs);
  expect(grads.used.toArray()).toEqual([1, 1]);
  expect([grads.unused.dtype, grads.unused.toArray()]).toEqual(['float32', [[0, 0, 0]]]);
  expect([grads.dropped.dtype, grads.dropped.toArray()]).toEqual(['float64', [0]]);
  expect([grads.empty.dtype, grads.empty.toArray()]).toEqual(['float64', []]);
});

test('a value that depends on no input has gradient zero, and an input that is the value has gradient one', () => {
  expect(grad((_x: Tensor) => float64(7))(float64([1, 2])).toArray()).toEqual([0, 0]);
  expect(grad((x: Tensor) => x)(float64(3)).toArray()).toBe(1);
  expect(grad((x: Tensor) => x)(float64([[3]])).toArray()).toEqual([[1]]);
});

test('one tensor in both places of an op gets both shares', () => {
  expect(slope((x) => x.add(x), 3)).toBe(2);
  expect(slope((x) => x.sub(x), 3)).toBe(0);
  expect(slope((x) => x.mul(x), 3)).toBe(6);
  expect(slope((x) => x.div(x), 3)).toBe(0);
  expect(slope((x) => where(float64(1), x, x), 3)).toBe(1);
  expect(slope((x) => x.maximum(x), 3)).toBe(1);
  expect(slope((x) => x.mul(x).mul(x), 3)).toBe(27);
  expect(grad((x: Tensor) => outer(x, x).sum())(float64([1, 2])).toArray()).toEqual([6, 6]);
});

test('one tensor in several places of concat or stack gets all shares', () => {
  const weights = float64([1, 2, 30, 40]);
  const joined = (x: Tensor): Tensor => concat([x, x]).mul(weights).sum();
  expect(grad(joined)(float64([5, 6])).toArray()).toEqual([31, 42]);
  const stacked = (x: Tensor): Tensor =>
    stack([x, x], 1)
      .mul(weights.reshape([2, 2]))
      .sum();
  expect(grad(stacked)(float64([5, 6])).toArray()).toEqual([3, 70]);
});

test('a list given to concat or stack may be changed afterwards', () => {
  const gradient = (join: (parts: Tensor[]) => Tensor) =>
    grad((x: Tensor) => {
      const parts = [x, x.mul(2)];
      const joined = join(parts);
      parts.length = 0;
      return joined.sum();
    })(float64([5, 6])).toArray();
  expect(gradient((parts) => concat(parts))).toEqual([3, 3]);
  expect(gradient((parts) => stack(parts))).toEqual([3, 3]);
  expect(gradient((parts) => stack(parts, 1))).toEqual([3, 3]);
});

test('a matrix times itself: the gradient is G·Xᵀ + Xᵀ·G, whichever way the second one lies', () => {
  const x = { shape: [3, 3], values: decimals(1, 9) };
  const g = { shape: [3, 3], values: decimals(2, 9) };
  const turned = (m: typeof x): typeof x => ({
    shape: [3, 3],
    values: m.values.map((_, i) => m.values[3 * (i % 3) + Math.floor(i / 3)]!),
  });
  const sum = (a: typeof x, b: typeof x): typeof x => ({
    ...a,
    values: a.values.map((each, i) => each + b.values[i]!),
  });
  const pulled = (f: (m: Tensor) => Tensor): Tensor => vjp(f, toTensor(x), toTensor(g)).grads;
  // Y = X·X
  const square = sum(productOf(g, turned(x)) as typeof x, productOf(turned(x), g) as typeof x);
  expectEqual(
    pulled((m) => m.matmul(m)),
    square,
  );
  // Y = X·Xᵀ: G·X + Gᵀ·X
  const gram = productOf(sum(g, turned(g)), x);
  expectEqual(
    pulled((m) => m.matmul(m.transpose())),
    gram,
  );
  expectEqual(
    pulled((m) => linear(m, m)),
    gram,
  );
});

test('a broadcast operand gets the sum over all places it was read', () => {
  const f = ([a, b]: readonly [Tensor, Tensor]): Tensor => a.mul(b).sum();
  const [a, b] = grad(f)([float64([[1], [2]]), float64([10, 20, 30])]);
  expect(a.toArray()).toEqual([[60], [60]]);
  expect(b.toArray()).toEqual([3, 3, 3]);
});

test('leaves that are sent the very same cotangent get a gradient each', () => {
  const target = { a: float64(1), b: float64(2) };
  const { grads } = valueAndGrad(target, () => target.a.add(target.b))();
  expect(grads.a).not.toBe(grads.b);
  expect([grads.a.item(), grads.b.item()]).toEqual([1, 1]);
});

test('cotangents that are views of one buffer do not disturb one another', () => {
  // Both parts of x + x's gradient, and later additions to one of them, share nothing.
  const u = float64([1, 2, 3, 4]);
  const f = (x: Tensor): Tensor => {
    const y = x.add(x);
    const [head, tail] = y.split([2, 2]) as [Tensor, Tensor];
    return concat([head.add(tail), tail])
      .add(y)
      .mul(u)
      .sum();
  };
  const before = u.toArray();
  // dy = u + [u₁ u₂ | u₁ + u₃, u₂ + u₄], and dx = 2·dy.
  expect(grad(f)(float64([0, 0, 0, 0])).toArray()).toEqual([4, 8, 14, 20]);
  expect(u.toArray()).toEqual(before);
});

test('the seed and the inputs of a backward pass are never written to', () => {
  const x = toTensor({ shape: [2, 2], values: decimals(3, 4) });
  const seed = toTensor({ shape: [2, 2], values: decimals(4, 4) });
  const [xBefore, seedBefore] = [fromTensor(x), fromTensor(seed)];
  vjp((at: Tensor) => at.add(at).add(at.select(0)).add(at), x, seed);
  expect([fromTensor(x), fromTensor(seed)]).toEqual([xBefore, seedBefore]);
});

test('a gradient that is a parameter itself comes as a copy, which does not change with it', () => {
  const [a, b] = [new Parameter(tensor([1, 2])), new Parameter(tensor([3, 4]))];
  const exchanged = customGradient(
    (x: Tensor, y: Tensor) => x.mul(y).sum(),
    (_g, _y, x, y) => [y, x],
  );
  const { grads } = valueAndGrad({ a, b }, () => exchanged(a, b))();
  a.assign(tensor([0, 0]));
  b.assign(tensor([0, 0]));
  expect([grads.a.toArray(), grads.b.toArray()]).toEqual([
    [3, 4],
    [1, 2],
  ]);
});

test('a list of tensors may change once the op that got it has returned', () => {
  const other = float64([7, 7]);
  for (const join of [concat, stack]) {
    const gradient = grad((x: Tensor) => {
      const parts = [x.mul(3), x.mul(2)];
      const joined = join(parts).mul(2).sum();
      parts[0] = other;
      const again = join(parts).sum();
      parts.length = 0;
      return joined.add(again);
    })(float64([1, 2]));
    expect(gradient.toArray()).toEqual([12, 12]);
  }
});
