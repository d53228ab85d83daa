import { vjp } from '@chronograd/autograd';
import { concat, eye, Random, type Tensor, tensor, zeros } from '@chronograd/tensor';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LSTMCell, Recurrent, RNNCell } from '../../src/index.ts';
import { jacobianNorms, largestSingularValue, stateJacobian, stepJacobians } from '../../src/probe/index.ts';
import { relativeError } from '../differences.ts';
import { leaves, numbers } from '../recurrent/problems.ts';
import { build, someNet } from './problems.ts';

const [T, B, F, H] = [4, 2, 3, 2];

const frobenius = (values: ArrayLike<number>): number =>
  Math.sqrt(Array.from(values).reduce((sum, each) => sum + each * each, 0));

/** The Jacobian of the final state by the initial one, row by row through the whole sequence. */
function wholeJacobian(recurrent: Recurrent<never>, x: Tensor, start: unknown): Tensor {
  // One that stands in two places would get both gradients.
  const tensors = leaves(start).map((each) => each.add(0));
  const flat = (of: readonly Tensor[]): Tensor =>
    concat(
      of.map((each) => each.reshape([B, each.size / B])),
      1,
    );
  const size = flat(tensors).shape[1]!;
  const rebuilt = (node: unknown, next: () => Tensor): unknown =>
    typeof node === 'number'
      ? node
      : Array.isArray(node)
        ? node.map((each) => rebuilt(each, next))
        : leaves(node).length === 1 && leaves(node)[0] === node
          ? next()
          : Object.fromEntries(
              Object.entries(node as object).map(([key, each]) => [key, rebuilt(each, next)]),
            );
  const rows = Array.from({ length: size }, (_, i) => {
    const { grads } = vjp(
      (given: readonly Tensor[]) => {
        let at = 0;
        const state = rebuilt(start, () => given[at++]!);
        return flat(leaves(recurrent.forward(x, state as never).state));
      },
      tensors,
      eye(size, { dtype: 'float64' })
        .slice([i, i + 1])
        .expand([B, size]),
    );
    return flat(grads).unsqueeze(1);
  });
  return concat(rows, 1);
}

test("The product of the steps' Jacobians is autograd's ∂h_T/∂h_0 through the whole sequence, to 1e-10, of any cells in layers", () => {
  fc.assert(
    fc.property(someNet(1), (net) => {
      const recurrent = build(net, F, H);
      const x = numbers(net.seed, T, B, F);
      const wanted = wholeJacobian(recurrent as never, x, recurrent.initialState(B));
      const each = stepJacobians(recurrent, x);
      const product = Array.from({ length: T }, (_, t) => each.select(t)).reduce((before, step) =>
        step.matmul(before),
      );
      expect(relativeError(product.toTypedArray(), wanted.toTypedArray(), 1e-200)).toBeLessThan(1e-10);
      const whole = stateJacobian(recurrent, x);
      expect(relativeError(whole.toTypedArray(), wanted.toTypedArray(), 1e-200)).toBeLessThan(1e-10);
      const middle = stateJacobian(recurrent, x, { from: 2, to: 3 });
      expect(middle.toArray()).toEqual(each.select(2).toArray());
      const norms = jacobianNorms(recurrent, x);
      const [spectral, all] = [0, 1]
        .map((b) => wanted.select(b))
        .map((m) => [largestSingularValue(m), frobenius(m.toTypedArray())]);
      expect(relativeError(norms.select(0).toTypedArray(), [spectral![0]!, all![0]!])).toBeLessThan(1e-10);
      expect(relativeError(norms.select(T).toTypedArray(), [1, 1])).toBeLessThan(1e-14);
      const squares = jacobianNorms(recurrent, x, { norm: 'frobenius' });
      expect(relativeError(squares.select(0).toTypedArray(), [spectral![1]!, all![1]!])).toBeLessThan(1e-10);
    }),
    { seed: 1, numRuns: 10 },
  );
});

test('A part of the state has its own block, and random projections come near its norm, the same for the same seed', () => {
  const cell = new LSTMCell(F, 6, { random: new Random(1), dtype: 'float64', forgetBias: 2 });
  const recurrent = new Recurrent(cell, { batchFirst: true });
  const x = numbers(1, B, T, F);
  const state = { h: numbers(2, B, 6), c: numbers(3, B, 6) };
  const exact = jacobianNorms(recurrent, x, { state, leaf: 'c', norm: 'frobenius' });
  for (let t = 0; t <= T; t++) {
    const block = stateJacobian(recurrent, x, { state, from: t }).slice(null, [6, 12], [6, 12]);
    const wanted = [0, 1].map((b) => frobenius(block.select(b).toTypedArray()));
    expect(relativeError(exact.select(t).toTypedArray(), wanted)).toBeLessThan(1e-10);
  }
  const estimate = () =>
    jacobianNorms(recurrent, x, { state, leaf: 'c', projections: 400, random: new Random(5) }).toTypedArray();
  expect(estimate()).toEqual(estimate());
  // Squares are within 4 of their standard deviations, √(2 / 400) at most.
  const wanted = exact.toTypedArray();
  estimate().forEach((each: number, i: number) => {
    expect(Math.abs((each / wanted[i]!) ** 2 - 1)).toBeLessThan(4 * Math.sqrt(2 / 400));
  });
});

test('What vanishes is followed to where float64 ends, in float32 cells too', () => {
  const cell = new RNNCell(1, 2, { random: new Random(1), nonlinearity: 'relu', biases: 0 });
  cell.weightHh.assign(eye(2).mul(2 ** -10));
  cell.weightIh.assign(tensor([[1], [1]]));
  const norms = jacobianNorms(new Recurrent(cell), zeros([80, 1, 1]).add(1));
  expect(norms.shape).toEqual([81, 1]);
  expect([...norms.toTypedArray()]).toEqual(Array.from({ length: 81 }, (_, t) => 2 ** (-10 * (80 - t))));
});

test('Where a Jacobian means nothing, that is said', () => {
  const random = new Random(1);
  const cell = () => new RNNCell(F, F, { random, dtype: 'float64' });
  const x = numbers(1, T, B, F);
  expect(() => jacobianNorms(new Recurrent([[cell(), cell()]]), x)).toThrow(
    'a layer with two directions came',
  );
  const dropping = new Recurrent([cell(), cell()], { dropout: 0.5, random });
  expect(() => stepJacobians(dropping, x)).toThrow('with dropout came in training mode');
  expect(stepJacobians(dropping.evaluate(), x).shape).toEqual([T, B, 2 * F, 2 * F]);
  const plain = new Recurrent(cell());
  expect(() => stateJacobian(plain, x, { from: 3, to: 2 })).toThrow(
    'from 3 to 2 came, whole numbers 0 ≤ from ≤ to ≤ 4',
  );
  expect(() => jacobianNorms(plain, x, { leaf: 'c' })).toThrow('leaf c came, one of');
  expect(() => jacobianNorms(plain, x, { projections: 3 })).toThrow('no random');
  expect(() => jacobianNorms(plain, x, { projections: 3, random, norm: 'spectral' })).toThrow(
    'norm spectral',
  );
  expect(() => jacobianNorms(plain, x, { state: numbers(1, 1, F) })).toThrow(
    '[B, …] with the B of the inputs, 2',
  );
});
