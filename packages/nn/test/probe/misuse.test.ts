/** What would be seen wrong, or not at all. */
import { leavesOf, valueAndGrad } from '@chronograd/autograd';
import { Random, type Tensor, zeros } from '@chronograd/tensor';
import { expect, test } from 'vitest';
import { Cell, Linear, LSTM, LSTMCell, Module, Recurrent, RNNCell, type Step } from '../../src/index.ts';
import { gradientFlow, jacobianNorms, recordTaps, stateJacobian } from '../../src/probe/index.ts';
import { relativeError } from '../differences.ts';
import { numbers } from '../recurrent/problems.ts';

const [T, B, F] = [3, 2, 2];
const options = { random: new Random(1), dtype: 'float64' } as const;
const x = numbers(1, T, B, F);

/** Names a gate, and goes on without what `tap` returns. */
class Forgetful extends Cell<Tensor> {
  readonly linear: Linear = new Linear(F, F, options);
  initialState(batch: number): Tensor {
    return zeros([batch, F], { dtype: 'float64' });
  }
  step(x: Tensor, h: Tensor): Step<Tensor> {
    const z = this.linear.forward(x.add(h)).sigmoid();
    this.tap('lost', z);
    const state = this.tap('kept', z).mul(h).add(x);
    return { output: state, state };
  }
}

test('A named tensor that does not affect the loss has no gradient, not one of 0', () => {
  const recurrent = new Recurrent(new Forgetful());
  const { norms, gradients } = gradientFlow(recurrent, () => recurrent.forward(x).outputs.sum(), {
    keepSteps: true,
  });
  expect([...norms['cell.lost']!]).toEqual([Number.NaN, Number.NaN, Number.NaN]);
  expect([...gradients!['cell.lost']!.toTypedArray()].every(Number.isNaN)).toBe(true);
  // The first state is 0, and so is the gradient of its gate: this is one.
  expect([...norms['cell.kept']!].map((norm) => norm > 0)).toEqual([false, true, true]);
});

test('A loss of the first window alone gives later states gradients of 0, and named tensors too', () => {
  const recurrent = new Recurrent(new Forgetful());
  const { norms } = gradientFlow(recurrent, () => {
    const { outputs, state } = recurrent.forward(x);
    recurrent.forward(x, state);
    return outputs.sum();
  });
  for (const name of ['cell.state', 'cell.kept'])
    expect([...norms[name]!].slice(T)).toEqual(new Array<number>(T).fill(0));
});

test('Weights that cells share have one name, that of the gradient, and all steps, which sum to it', () => {
  const [one, two] = [new RNNCell(F, F, options), new RNNCell(F, F, options)];
  (two as { weightHh: Tensor }).weightHh = one.weightHh;
  const recurrent = new Recurrent([one, two]);
  const loss = () => recurrent.forward(x).outputs.square().sum();
  const { contributions } = gradientFlow(recurrent, loss, { keepSteps: true });
  expect(Object.keys(contributions)).not.toContain('cell.1.weightHh');
  const { steps } = contributions['cell.0.weightHh']!;
  expect(steps).toHaveLength(2 * T);
  const sum = steps!.reduce((a, b) => a.add(b));
  const { grads } = valueAndGrad(recurrent, loss)();
  const [whole] = leavesOf('test', grads).filter(({ path }) => path === 'cell.0.weightHh');
  expect(relativeError(sum.toTypedArray(), whole!.leaf.toTypedArray(), 1e-13)).toBeLessThan(1e-12);
});

test('Jacobians of a float32 cell go below where float32 ends, one by one and as a product', () => {
  const recurrent = new Recurrent(
    new RNNCell(F, F, { random: new Random(1), init: (shape, o) => zeros(shape, o) }),
  );
  recurrent.cell.weightHh.assign(recurrent.cell.weightHh.add(1e-9));
  const long = numbers(2, 20, 1, F).cast('float32');
  const [norms, whole] = [jacobianNorms(recurrent, long), stateJacobian(recurrent, long)];
  expect(norms.select(0).item()).toBeGreaterThan(1e-190);
  expect(whole.norm().item() / norms.select(0).item()).toBeCloseTo(1, 6);
});

test('Norms of Jacobians are right to where float64 ends', () => {
  class Tiny extends Cell<Tensor> {
    initialState(batch: number): Tensor {
      return zeros([batch, F], { dtype: 'float64' });
    }
    step(x: Tensor, h: Tensor): Step<Tensor> {
      const state = h.mul(1e-310).add(x);
      return { output: state, state };
    }
  }
  const norms = jacobianNorms(new Recurrent(new Tiny()), x).select(1, 1).toTypedArray();
  expect([...norms.slice(2)].map((norm, i) => norm / [1e-310, 1][i]!)).toEqual([
    expect.closeTo(1, 5),
    expect.closeTo(1, 12),
  ]);
  // 1e-620 and beyond is 0 in float64.
  expect([...norms.slice(0, 2)]).toEqual([0, 0]);
});

test('What is not a model, has no cells, or runs none throws an error', async () => {
  const recurrent = new Recurrent(new LSTMCell(F, F, options));
  class Idle extends Module {
    readonly recurrent = recurrent;
  }
  expect(() => recordTaps(undefined as never, () => 1)).toThrow(
    'recordTaps: expected a module, got undefined',
  );
  expect(() => recordTaps(new Linear(2, 2, options), () => 1)).toThrow(
    'recordTaps: expected a module with cells, got Linear, which has none',
  );
  expect(() => gradientFlow(new Idle(), () => zeros([]))).toThrow(
    'gradientFlow: expected a loss computed by Idle, but none of its cells ran',
  );
  expect(() => recordTaps(recurrent, async () => recurrent.forward(x))).toThrow('promise');
  expect(() => jacobianNorms(new LSTM(F, F, options) as never, x)).toThrow(
    'jacobianNorms: expected a Recurrent, got a LSTM; pass its field recurrent',
  );
  expect(() => stateJacobian(recurrent.cell as never, x)).toThrow('expected a Recurrent');
  expect(() =>
    recordTaps(recurrent, () => [recurrent.forward(x), recurrent.forward(x.slice(null, [0, 1]))]),
  ).toThrow('recordTaps: expected one shape of cell.f at all steps, got [2, 2] and [1, 2]');
  const first = new RNNCell(F, F, options);
  const frozen = new Recurrent([first, Object.freeze(new RNNCell(F, F, options)) as RNNCell]);
  expect(() => recordTaps(frozen, () => frozen.forward(x))).toThrow('got a frozen RNNCell');
  expect(Object.getOwnPropertyNames(first)).not.toContain('step');
});

test('A layer’s name selects all of its state', () => {
  const recurrent = new Recurrent([new LSTMCell(F, F, options), new RNNCell(F, F, options)]);
  const norm = 'frobenius';
  const [h, c, layer] = ['0.h', '0.c', '0'].map((leaf) => jacobianNorms(recurrent, x, { leaf, norm }));
  expect(layer!.select(T).toArray()).toEqual([2, 2]);
  const parts = h!.square().add(c!.square());
  layer!
    .square()
    .toTypedArray()
    .forEach((each, i) => {
      expect(each).toBeGreaterThanOrEqual(parts.toTypedArray()[i]! * (1 - 1e-12));
    });
});
