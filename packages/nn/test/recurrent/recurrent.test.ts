import { valueAndGrad } from '@chronograd/autograd';
import { Parameter, Random, ShapeError, type Tensor, tensor, zeros } from '@chronograd/tensor';
import { expect, test } from 'vitest';
import { Cell, Module, normalInit, Recurrent, RNNCell, type Step } from '../../src/index.ts';
import { DelayCell, LstmCell } from '../cells/lstm.ts';
import { errorAgainstDifferences } from '../differences.ts';

const random = new Random(1);
const some = (...shape: number[]): Tensor => normalInit(1)(shape, { random, dtype: 'float64' });

/**
 * Counts steps: its state is their number, its output the input times that number. No parameters.
 */
class CountingCell extends Cell<number> {
  initialState(): number {
    return 0;
  }
  step(x: Tensor, count: number): Step<number> {
    return { output: x.mul(count), state: count + 1 };
  }
}

test('The loop gives step t the inputs of step t and the state of step t − 1, and stacks outputs in order', () => {
  const x = tensor([[[1, 2]], [[3, 4]], [[5, 6]]]);
  const recurrent = new Recurrent(new CountingCell());
  const { outputs, state } = recurrent.forward(x);
  expect(outputs.toArray()).toEqual([[[0, 0]], [[3, 4]], [[10, 12]]]);
  expect(state).toBe(3);
  expect(recurrent.forward(x, 10).outputs.select(0).toArray()).toEqual([[10, 20]]);
  expect(recurrent.forward(x, 10).state).toBe(13);
});

test('A sequence equals its steps taken one by one, bit for bit', () => {
  const cell = new LstmCell(3, 4, random);
  const x = some(5, 2, 3);
  const { outputs, state } = new Recurrent(cell).forward(x);
  let now = cell.initialState(2);
  for (let t = 0; t < 5; t++) {
    const step = cell.step(x.select(t), now);
    expect(outputs.select(t).toArray()).toEqual(step.output.toArray());
    now = step.state;
  }
  expect(outputs.shape).toEqual([5, 2, 4]);
  expect(state.h.toArray()).toEqual(now.h.toArray());
  expect(state.c.toArray()).toEqual(now.c.toArray());
});

test('A cell that projects all steps before the loop gives the same bits as its steps taken one by one', () => {
  for (const dtype of ['float32', 'float64'] as const) {
    for (const biases of [0, 1, 2] as const) {
      const cell = new RNNCell(7, 5, { random, dtype, biases });
      const ids = tensor([3, 1, 0, 6, 2, 2, 5, 4], { dtype: 'int32' }).reshape([4, 2]);
      for (const x of [ids, normalInit(1)([4, 2, 7], { random, dtype })]) {
        const { outputs } = new Recurrent(cell).forward(x);
        let h = cell.initialState(2);
        for (let t = 0; t < 4; t++) {
          h = cell.step(x.select(t), h).state;
          expect(outputs.select(t).toArray()).toEqual(h.toArray());
        }
      }
    }
  }
});

/** A model whose initial state is learned. */
class LearnedStart extends Module {
  readonly recurrent: Recurrent<LstmCell> = new Recurrent(new LstmCell(3, 2, random));
  readonly start: readonly [Parameter, Parameter] = [new Parameter(some(2, 2)), new Parameter(some(2, 2))];
  readonly x: Parameter = new Parameter(some(4, 2, 3));
}

test("Gradients of a user's LSTM equal differences: of its weights, its inputs, and both parts of its initial state, through outputs and final state", () => {
  const model = new LearnedStart();
  const loss = (): Tensor => {
    const [h, c] = model.start;
    const { outputs, state } = model.recurrent.forward(model.x, { h, c });
    return outputs.square().sum().add(state.c.tanh().sum()).add(state.h.sum().mul(0.5));
  };
  expect(errorAgainstDifferences(model, loss)).toBeLessThanOrEqual(1e-9);
});

test('Gradients of a cell whose state is a tuple equal differences', () => {
  class Delayed extends Module {
    readonly recurrent: Recurrent<DelayCell> = new Recurrent(new DelayCell(3, random));
    readonly x: Parameter = new Parameter(some(4, 2, 3));
  }
  const model = new Delayed();
  const loss = (): Tensor => {
    const { outputs, state } = model.recurrent.forward(model.x);
    return outputs.sum().add(state[1].square().sum());
  };
  expect(errorAgainstDifferences(model, loss)).toBeLessThanOrEqual(1e-9);
});

test('A state that is an object is carried from call to call, and stays true for as long as it is held', () => {
  const recurrent = new Recurrent(new LstmCell(3, 2, random));
  const x = some(6, 2, 3);
  const step = valueAndGrad(recurrent, (part: Tensor, state: ReturnType<typeof recurrent.initialState>) => {
    const unrolled = recurrent.forward(part, state);
    return { value: unrolled.outputs.sum(), aux: unrolled.state };
  });
  const first = step(x.slice([0, 3]), recurrent.initialState(2)).aux;
  const copy = first.c.toArray();
  const second = step(x.slice([3]), first).aux;
  const whole = recurrent.forward(x).state;
  expect(second.h.toArray()).toEqual(whole.h.toArray());
  expect(second.c.toArray()).toEqual(whole.c.toArray());
  expect(first.c.toArray()).toEqual(copy);
});

test("A recurrence inside a recurrence's cell works: the loop is ordinary code", () => {
  class Nested extends Cell<Tensor> {
    readonly inner: Recurrent<RNNCell>;
    constructor() {
      super();
      this.inner = new Recurrent(new RNNCell(2, 2, { random, dtype: 'float64' }));
    }
    initialState(batch: number): Tensor {
      return zeros([batch, 2], { dtype: 'float64' });
    }
    step(x: Tensor, h: Tensor): Step<Tensor> {
      const { state } = this.inner.forward(x.reshape([2, 1, 2]), h);
      return { output: state, state };
    }
  }
  const outer = new Recurrent(new Nested());
  const x = some(3, 2, 2);
  const flat = outer.cell.inner.forward(x.reshape([6, 1, 2]));
  expect(outer.forward(x, zeros([1, 2], { dtype: 'float64' })).state.toArray()).toEqual(flat.state.toArray());
  expect(outer.namedParameters()[0]![0]).toBe('cell.inner.cell.weightIh');
  const loss = (): Tensor => outer.forward(x, zeros([1, 2], { dtype: 'float64' })).outputs.sum();
  expect(errorAgainstDifferences(outer, loss)).toBeLessThanOrEqual(1e-9);
});

test('No steps at all, or inputs without a batch, throw an error with the shape that came', () => {
  const recurrent = new Recurrent(new RNNCell(3, 2, { random }));
  for (const shape of [[0, 2, 3], [5, 3], [4], []]) {
    expect(() => recurrent.forward(zeros(shape))).toThrow(ShapeError);
    expect(() => recurrent.forward(zeros(shape))).toThrow(`got float32 [${shape.join(', ')}];`);
  }
});
