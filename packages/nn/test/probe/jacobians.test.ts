import { concat, eye, Random, type Tensor, tensor, zeros } from '@chronograd/tensor';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Cell, Linear, LSTMCell, Recurrent, RNNCell, type Step } from '../../src/index.ts';
import { jacobianNorms, largestSingularValue, stateJacobian, stepJacobians } from '../../src/probe/index.ts';
import { relativeError } from '../differences.ts';
import { numbers } from '../recurrent/problems.ts';
import { build, someNet } from './problems.ts';
import { frobenius, wholeJacobian } from './whole-jacobian.ts';

const [T, B, F, H] = [4, 2, 3, 2];

test("The product of the steps' Jacobians is autograd's ∂h_T/∂h_0 through the whole sequence, to 1e-10, of any cells in layers, from learned initial states too", () => {
  fc.assert(
    fc.property(someNet(1), fc.boolean(), (net, learnInitialState) => {
      const recurrent = build(net, F, H, { learnInitialState });
      recurrent.start?.forEach((each, i) => void each.assign(numbers(net.seed + i, ...each.shape)));
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

test('Random projections count a part of the state alone, where the rest depends on that part as much or more', () => {
  const cell = new LSTMCell(F, 4, { random: new Random(1), dtype: 'float64', forgetBias: 1 });
  const recurrent = new Recurrent(cell);
  const x = numbers(1, T, B, F).mul(0.1);
  const deviation = Math.sqrt(2 / 400);
  const within = { c: [4, 8], h: [0, 4] } as const;
  // h' = o∘tanh(c') goes with c' where the output gate is open; where it is shut, h' depends on h
  // far less than c' does.
  for (const [leaf, gate] of [
    ['c', 4],
    ['h', -4],
  ] as const) {
    const bias = zeros([12], { dtype: 'float64' });
    cell.biasIh?.assign(concat([bias, bias.slice([0, 4]).add(gate)]));
    const [exact, estimate] = [
      { norm: 'frobenius' } as const,
      { projections: 400, random: new Random(5) },
    ].map((options) => jacobianNorms(recurrent, x, { leaf, ...options }));
    for (let t = 0; t < T; t++) {
      const columns = stateJacobian(recurrent, x, { from: t }).slice(null, null, within[leaf]);
      for (let b = 0; b < B; b++) {
        const square = exact!.select(t).select(b).item() ** 2;
        expect(frobenius(columns.select(b).toTypedArray()) ** 2 / square - 1).toBeGreaterThan(8 * deviation);
        const estimated = estimate!.select(t).select(b).item() ** 2 / square;
        expect(Math.abs(estimated - 1)).toBeLessThan(4 * deviation);
      }
    }
  }
});

/**
 * A tuple of a count, which is no float and damps what the hidden state does, of the hidden state,
 * and of what came before it.
 */
class CountingCell extends Cell<readonly [count: Tensor, h: Tensor, before: Tensor]> {
  readonly input: Linear = new Linear(F, H, { random: new Random(1), dtype: 'float64' });
  readonly hidden: Linear = new Linear(H, H, { random: new Random(2), dtype: 'float64' });
  initialState(batch: number): readonly [Tensor, Tensor, Tensor] {
    const none = zeros([batch, H], { dtype: 'float64' });
    return [zeros([batch], { dtype: 'int32' }), none, none];
  }
  step(
    x: Tensor,
    [count, h, before]: readonly [Tensor, Tensor, Tensor],
  ): Step<readonly [Tensor, Tensor, Tensor]> {
    const now = count.add(1);
    const damped = this.hidden.forward(h.add(before)).div(now.cast('float64').unsqueeze(1));
    const next = this.input.forward(x).add(damped).tanh();
    return { output: next, state: [now, next, h] };
  }
}

test('A whole number in the state is no part of the Jacobian, and counts where the floats depend on it', () => {
  const options = { random: new Random(3), dtype: 'float64' } as const;
  const recurrent = new Recurrent([new CountingCell(), new RNNCell(H, 3, options)]);
  const x = numbers(1, T, B, F);
  const state = [
    [tensor([0, 5], { dtype: 'int32' }), numbers(2, B, H), numbers(3, B, H)],
    numbers(4, B, 3),
  ] as const;
  const wanted = wholeJacobian(recurrent as never, x, state);
  expect(wanted.shape).toEqual([B, 2 * H + 3, 2 * H + 3]);
  const each = stepJacobians(recurrent, x, { state });
  const product = [0, 1, 2, 3].map((t) => each.select(t)).reduce((before, step) => step.matmul(before));
  for (const found of [product, stateJacobian(recurrent, x, { state })])
    expect(relativeError(found.toTypedArray(), wanted.toTypedArray())).toBeLessThan(1e-10);
  const block = wanted.slice(null, [H, 2 * H], [H, 2 * H]);
  const norms = jacobianNorms(recurrent, x, { state, leaf: '0.2', norm: 'frobenius' }).select(0);
  const blocks = [0, 1].map((b) => frobenius(block.select(b).toTypedArray()));
  expect(relativeError(norms.toTypedArray(), blocks)).toBeLessThan(1e-10);
  expect(() => jacobianNorms(recurrent, x, { leaf: '0.0' })).toThrow(
    'expected leaf to be one of 0.1, 0.2, 1, got',
  );
});

test('Vanishing gradients are measured down to the limit of float64, in float32 cells too', () => {
  const cell = new RNNCell(1, 2, { random: new Random(1), nonlinearity: 'relu', biases: 0 });
  cell.weightHh.assign(eye(2).mul(2 ** -10));
  cell.weightIh.assign(tensor([[1], [1]]));
  const norms = jacobianNorms(new Recurrent(cell), zeros([80, 1, 1]).add(1));
  expect(norms.shape).toEqual([81, 1]);
  expect([...norms.toTypedArray()]).toEqual(Array.from({ length: 81 }, (_, t) => 2 ** (-10 * (80 - t))));
});

test('A Jacobian that means nothing is an error', () => {
  const random = new Random(1);
  const cell = () => new RNNCell(F, F, { random, dtype: 'float64' });
  const x = numbers(1, T, B, F);
  expect(() => jacobianNorms(new Recurrent([[cell(), cell()]]), x)).toThrow(
    'expected one direction, got a layer with two',
  );
  const dropping = new Recurrent([cell(), cell()], { dropout: 0.5, random });
  expect(() => stepJacobians(dropping, x)).toThrow('got a Recurrent with dropout in training mode');
  expect(stepJacobians(dropping.evaluate(), x).shape).toEqual([T, B, 2 * F, 2 * F]);
  const plain = new Recurrent(cell());
  expect(() => stateJacobian(plain, x, { from: 3, to: 2 })).toThrow(
    'expected whole numbers 0 ≤ from ≤ to ≤ 4, got from 3 to 2',
  );
  expect(() => jacobianNorms(plain, x, { leaf: 'c' })).toThrow(', got "c"');
  expect(() => jacobianNorms(plain, x, { projections: 3 })).toThrow('no random');
  expect(() => jacobianNorms(plain, x, { projections: 3, random, norm: 'spectral' })).toThrow(
    'norm "spectral"',
  );
  expect(() => jacobianNorms(plain, x, { state: numbers(1, 1, F) })).toThrow(
    '[B, …] with the B of the inputs, 2',
  );
});
