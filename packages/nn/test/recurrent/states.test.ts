import { detectAnomaly, grad, valueAndGrad } from '@chronograd/autograd';
import {
  Parameter,
  Random,
  ScopeError,
  ShapeError,
  scope,
  type Tensor,
  tensor,
  ValueError,
  zeros,
} from '@chronograd/tensor';
import { expect, expectTypeOf, test } from 'vitest';
import {
  Cell,
  GRUCell,
  LSTMCell,
  type LSTMState,
  Module,
  Recurrent,
  RNNCell,
  type Step,
} from '../../src/index.ts';
import { LstmCell } from '../cells/lstm.ts';
import { errorAgainstDifferences, relativeError } from '../differences.ts';
import { leaves, numbers } from './problems.ts';

class NoCell extends Module {}

const options = { random: new Random(1), dtype: 'float64' } as const;

/**
 * A state of three tensors of three shapes and two dtypes: a leaky sum, the last input, the count
 * of steps.
 */
class LeakyCell extends Cell<{ readonly sum: Tensor; readonly last: Tensor; readonly count: Tensor }> {
  readonly leak: Parameter = new Parameter(tensor([0.7, 0.4, 0.9], { dtype: 'float64' }));
  initialState(batch: number) {
    const count = zeros([batch, 1], { dtype: 'int32' });
    return {
      sum: zeros([batch, 3], { dtype: 'float64' }),
      last: zeros([batch, 2], { dtype: 'float64' }),
      count,
    };
  }
  step(x: Tensor, { sum, last, count }: ReturnType<this['initialState']>) {
    const next = sum.mul(this.leak).add(x.sum(-1, true)).add(last.sum(-1, true).tanh());
    return { output: next.tanh(), state: { sum: next, last: x, count: count.add(1) } };
  }
}

/** All features together. Gradients of weights, learned initial states and inputs are checked. */
class Everything extends Module {
  readonly recurrent = new Recurrent(
    [
      [new LSTMCell(2, 2, options), new GRUCell(2, 3, options)],
      [new LstmCell(5, 2, options.random), new RNNCell(5, 1, options)],
      new GRUCell(3, 2, { ...options, reset: 'before' }),
      new LeakyCell(),
    ],
    { dropout: 0.4, random: options.random, batchFirst: true, learnInitialState: true },
  );
  readonly x: Parameter = new Parameter(numbers(1, 3, 4, 2));
}

test('Layers, both directions, dropout, lengths, batch first and learned initial states together: every gradient equals differences', () => {
  const model = new Everything();
  for (const start of model.recurrent.start!) start.assign(numbers(start.size, ...start.shape));
  const loss = (): Tensor => {
    model.recurrent.dropout!.random = new Random(3); // the same masks each time
    const { outputs, state } = model.recurrent.forward(model.x, undefined, { lengths: [4, 1, 2] });
    const floats = leaves(state).filter((s) => s.dtype === 'float64');
    return floats.reduce((sum, s, i) => sum.add(s.mul(numbers(i, ...s.shape)).sum()), outputs.square().sum());
  };
  expect(model.recurrent.start!.map(({ shape }) => shape)).toEqual([
    ...[
      [1, 2],
      [1, 2],
      [1, 3],
    ],
    ...[
      [1, 2],
      [1, 2],
      [1, 1],
    ],
    ...[
      [1, 2],
      [1, 3],
      [1, 2],
    ],
  ]);
  expect(errorAgainstDifferences(model, () => scope(loss))).toBeLessThanOrEqual(1e-9);
  const { state } = model.recurrent.forward(model.x, undefined, { lengths: [4, 1, 2] });
  expect(state[3].count.toArray()).toEqual([[4], [1], [2]]);
});

test('States have the types of their cells: a cell with three tensors needs no cast, and a wrong tree does not compile', () => {
  const { recurrent } = new Everything();
  const state = recurrent.initialState(3);
  expectTypeOf(state[0]).toEqualTypeOf<readonly [LSTMState, Tensor]>();
  expectTypeOf(state[2]).toEqualTypeOf<Tensor>();
  expectTypeOf(state[3].last).toEqualTypeOf<Tensor>();
  expectTypeOf(recurrent.forward).parameter(1).toEqualTypeOf<typeof state | undefined>();
  const x = numbers(1, 3, 4, 2);
  expect(recurrent.forward(x, state).state[3].sum.shape).toEqual([3, 3]);
  const [a, b, c, d] = state;
  // @ts-expect-error a layer is missing
  expect(() => recurrent.forward(x, [a, b, c])).toThrow(
    new ValueError(
      'Recurrent: expected a list of 4 states, one for each layer, got an array of 3; initialState(batch) gives one',
    ),
  );
  // @ts-expect-error the first layer has two directions
  expect(() => recurrent.forward(x, [a[0], b, c, d])).toThrow(
    'expected a list of 2 states for layer 0, one for each direction, got ',
  );
  // @ts-expect-error an LSTM's state is an object of two tensors
  expect(() => recurrent.forward(x, [[a[1], a[1]], b, c, d])).toThrow();
  // @ts-expect-error the state of one cell is its own, not a list
  expect(() => new Recurrent(new RNNCell(2, 2, options)).forward(x, [zeros([4, 2])])).toThrow();
});

test('A learned initial state gets the gradient of every sequence of the batch, each through its own final state too', () => {
  const recurrent = new Recurrent(new LSTMCell(2, 3, options), { learnInitialState: true });
  const [x, h, c] = [numbers(1, 4, 2, 2), numbers(2, 1, 3), numbers(3, 1, 3)];
  recurrent.start![0]!.assign(h);
  recurrent.start![1]!.assign(c);
  const lossOf = ({ outputs, state }: { readonly outputs: Tensor; readonly state: LSTMState }): Tensor =>
    outputs
      .square()
      .sum()
      .add(state.c.mul(numbers(4, 2, 3)).sum());
  const learned = grad(recurrent, () => lossOf(recurrent.forward(x)))().start!;
  const given = grad((start: { h: Tensor; c: Tensor }) => lossOf(recurrent.forward(x, start)))({
    h: h.expand([2, 3]),
    c: c.expand([2, 3]),
  });
  for (const [i, g] of [given.h, given.c].entries()) {
    expect(relativeError(learned[i]!.toTypedArray(), g.sum(0, true).toTypedArray())).toBeLessThanOrEqual(
      1e-14,
    );
  }
  expect(recurrent.initialState(5).h.shape).toEqual([5, 3]);
  expect(recurrent.namedParameters().map(([name]) => name)).toContain('start.1');
});

test('Anything but a cell is rejected by name in the constructor, and so is dropout without effect', () => {
  const message = (make: () => unknown): string => {
    try {
      make();
    } catch (error) {
      if (error instanceof ValueError) return error.message;
      throw error;
    }
    return 'nothing was thrown';
  };
  const cell = new RNNCell(2, 2, options);
  const wrong: unknown[] = [null, {}, [], [cell, 3], [[cell]], [[cell, new NoCell()]]];
  for (const given of wrong)
    expect(message(() => new Recurrent(given as RNNCell))).toContain('expected a cell, or a list of layers');
  expect(message(() => new Recurrent([cell, 3 as unknown as RNNCell]))).toContain(
    'got a number for layer 1;',
  );
  expect(message(() => new Recurrent(cell, { dropout: 0.5, random: options.random }))).toContain('one layer');
  expect(message(() => new Recurrent([cell, cell], { dropout: 0.5 }))).toContain(
    'expected { random } for the masks of dropout',
  );
});

test('Lengths and masks that do not fit the batch are rejected with the expected and the given value', () => {
  const recurrent = new Recurrent(new RNNCell(2, 2, options));
  const x = numbers(1, 4, 3, 2);
  const run = (padding: object) => () => recurrent.forward(x, undefined, padding);
  for (const lengths of [[1, 2], [1, 2, 5], [1, 2, -1], [1, 2, 0.5], 3]) {
    expect(run({ lengths })).toThrow(ValueError);
    expect(run({ lengths })).toThrow('expected 3 whole numbers from 0 to 4 for lengths');
  }
  expect(run({ mask: zeros([3, 4]) })).toThrow(ShapeError);
  expect(run({ mask: zeros([3, 4]) })).toThrow('expected a mask [T, B] like the inputs, [4, 3], got [3, 4]');
  expect(run({ mask: zeros([4, 3]), lengths: [1, 1, 1] })).toThrow('expected lengths or mask, got both');
  expect(() =>
    new Recurrent(new RNNCell(2, 2, options), { batchFirst: true }).forward(zeros([3, 0, 2])),
  ).toThrow('[B, T, F] with at least one step');
});

test('Going back into a window whose function has returned is an error that names the op and the cure; its returned state is a constant', () => {
  const recurrent = new Recurrent(new RNNCell(2, 2, options));
  let leaked: { readonly outputs: Tensor; readonly state: Tensor } | undefined;
  const step = valueAndGrad(recurrent, (x: Tensor, h: Tensor) => {
    leaked = recurrent.forward(x, h);
    return { value: leaked.outputs.sum(), aux: leaked.state };
  });
  const first = step(numbers(1, 3, 2, 2), recurrent.initialState(2));
  const { outputs, state } = leaked!;
  const through = (what: (h: Tensor) => Tensor) => () =>
    valueAndGrad(recurrent, () => what(recurrent.forward(numbers(2, 3, 2, 2), first.aux).state))();
  for (const consumed of [
    through((h) => h.sum().add(outputs.sum())), // a loss over both windows
    through((h) => h.mul(state).sum()),
    () => step(numbers(2, 3, 2, 2), state), // the state that was not returned
  ]) {
    expect(consumed).toThrow(ScopeError);
    expect(consumed).toThrow(
      /made by (tanh|concat) was used after .* had returned; return it from that function/,
    );
  }
  const second = grad((h: Tensor) => recurrent.forward(numbers(2, 3, 2, 2), h).state.sum())(first.aux);
  expect(second.abs().sum().item()).toBeGreaterThan(0);
});

test('The time step of an outer loop is known again after an inner one, also where that was left by a throw', () => {
  class Outer extends Cell<Tensor> {
    readonly inner = new Recurrent(new RNNCell(2, 2, options));
    initialState(batch: number): Tensor {
      return zeros([batch, 2], { dtype: 'float64' });
    }
    step(x: Tensor, h: Tensor): Step<Tensor> {
      const { state } = this.inner.forward(x.unsqueeze(0), h);
      expect(() => this.inner.forward(x.unsqueeze(0), zeros([9, 9]))).toThrow();
      const next = state.add(x.reciprocal());
      return { output: next, state: next };
    }
  }
  const x = tensor(
    [1, 1, 0, 1].map((v) => [[v, v]]),
    { dtype: 'float64' },
  );
  const run = () => detectAnomaly(() => scope(() => new Recurrent(new Outer()).forward(x).state));
  expect(run).toThrow('time step 2');
});
