import { Parameter, Random, type Tensor, tensor, zeros } from '@chronograd/tensor';
import { expect, test } from 'vitest';
import { Cell, functionalCall, GRUCell, Linear, LSTMCell, RNNCell, type Step } from '../../src/index.ts';

class Own extends Cell<readonly Tensor[]> {
  readonly indices: Tensor = tensor([1], { dtype: 'int32' });
  readonly layers: readonly Linear[];
  constructor(dtype: 'float32' | 'float64') {
    super();
    this.layers = [new Linear(3, 2, { dtype, random: new Random(1) })];
  }
  initialState(batch: number): readonly Tensor[] {
    return [this.zeroState(batch, 2), this.zeroState(batch), this.zeroState(batch, 2, 5)];
  }
  step(x: Tensor, state: readonly Tensor[]): Step<readonly Tensor[]> {
    return { output: x, state };
  }
}

test('A zero state has the batch and the sizes asked for, and the dtype of the parameters, however deep they are', () => {
  for (const dtype of ['float32', 'float64'] as const) {
    const states = new Own(dtype).initialState(3);
    expect(states.map(({ shape }) => shape)).toEqual([[3, 2], [3], [3, 2, 5]]);
    for (const state of states) {
      expect(state.dtype).toBe(dtype);
      expect(state.abs().sum().item()).toBe(0);
    }
  }
});

test('In a functionalCall, where tensors are in the place of all parameters, a zero state has their dtype', () => {
  const options = { dtype: 'float64', random: new Random(1) } as const;
  for (const cell of [new RNNCell(2, 3, options), new LSTMCell(2, 3, options), new GRUCell(2, 3, options)]) {
    const weights = Object.fromEntries(
      cell.namedParameters().map(([name, { shape }]) => [name, zeros(shape, options)]),
    );
    const state = functionalCall(cell, weights, () => cell.initialState(4));
    for (const part of 'h' in state ? [state.h, state.c] : [state]) {
      expect(part.dtype).toBe('float64');
      expect(part.shape).toEqual([4, 3]);
    }
  }
  const own = new Own('float64');
  const weights = own.namedParameters().map(([name, { shape }]) => [name, zeros(shape, options)]);
  const states = functionalCall(own, Object.fromEntries(weights), () => own.initialState(4));
  expect(states.map(({ dtype }) => dtype)).toEqual(['float64', 'float64', 'float64']);
});

test('Without parameters a zero state is float32; frozen ones count, and an invalid size is rejected', () => {
  class Bare extends Own {
    override readonly layers: readonly Linear[] = [];
  }
  expect(new Bare('float64').initialState(1)[0]?.dtype).toBe('float32');
  class Frozen extends Bare {
    readonly scale: Parameter = new Parameter(zeros([1], { dtype: 'float64' }));
  }
  /** The first float parameter counts; not buffers, and not what is in plain objects. */
  class Mixed extends Bare {
    readonly buffer: Tensor = zeros([1]);
    readonly notes = { scale: zeros([1], { dtype: 'float32' }) };
    readonly first: Parameter = new Parameter(zeros([1], { dtype: 'float64' }));
    readonly second: Parameter = new Parameter(zeros([1]));
  }
  expect(new Mixed('float64').initialState(1)[0]?.dtype).toBe('float64');
  class Noted extends Bare {
    readonly notes = { scale: zeros([1], { dtype: 'float64' }) };
  }
  expect(new Noted('float64').initialState(1)[0]?.dtype).toBe('float32');
  const frozen = new Frozen('float64');
  frozen.freeze();
  expect(frozen.initialState(1)[0]?.dtype).toBe('float64');
  expect(() => frozen.initialState(0.5)).toThrow(
    'zeros: expected whole numbers from 0 on as the shape, got [0.5, 2]',
  );
});
