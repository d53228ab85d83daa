import { Random, ShapeError, Tensor, ValueError, zeros } from '@chronograd/tensor';
import { expect, test } from 'vitest';
import { Cell, GRU, GRUCell, LSTM, LSTMCell, Recurrent, RNN, RNNCell, type Step } from '../../src/index.ts';
import { mapState } from '../../src/recurrent/state-leaves.ts';

const options = { random: new Random(1) };
const x = zeros([3, 2, 4]);
/** As plain JavaScript would call it. */
const wild = <T>(value: unknown): T => value as T;

/** A cell that starts with the given state, and returns the given step. */
class WildCell extends Cell<Tensor> {
  readonly start: unknown;
  readonly given: (x: Tensor, state: unknown) => unknown;
  constructor(given: (x: Tensor, state: unknown) => unknown, start: unknown = zeros([2, 4])) {
    super();
    this.given = given;
    this.start = start;
  }
  initialState(): Tensor {
    return this.start as Tensor;
  }
  step(x: Tensor, state: Tensor): Step<Tensor> {
    return this.given(x, state) as Step<Tensor>;
  }
}

class Pair {
  readonly h: Tensor = zeros([2, 4]);
}

test('Cells and modules without options, and invalid options, are rejected by name', () => {
  for (const Made of [RNNCell, LSTMCell, GRUCell, RNN, LSTM, GRU]) {
    for (const given of [undefined, null, 3]) {
      const make = () => new Made(4, 6, wild(given));
      expect(make).toThrow(ValueError);
      expect(make).toThrow(`${Made.name}: `);
      expect(make).toThrow('expected { random: new Random(seed) } for the options, got ');
    }
  }
  for (const checkpoint of ['yes', null, {}]) {
    const make = () => new Recurrent(new RNNCell(4, 6, options), { checkpoint: wild(checkpoint) });
    expect(make).toThrow('expected true or a segment length, a whole number from 1 on, for checkpoint, got ');
  }
});

test('Invalid inputs, states and padding are rejected by cells, Recurrent and the stacked modules', () => {
  const recurrent = new Recurrent(new RNNCell(4, 6, options));
  for (const inputs of [undefined, null, [[[1]]], 3]) {
    expect(() => recurrent.forward(wild(inputs))).toThrow('expected a tensor');
    expect(() => new LSTM(4, 6, options).forward(wild(inputs))).toThrow('expected a tensor');
  }
  expect(recurrent.checkpoint).toBe(false);
  expect(() => recurrent.forward(x.select(0))).toThrow('without a batch, x.unsqueeze(1) adds one');
  const batchFirst = new Recurrent(recurrent.cell, { batchFirst: true });
  expect(() => batchFirst.forward(x.select(0))).toThrow('expected inputs [B, T, F] with at least one step');
  for (const padding of [null, 3, 'all'])
    expect(() => recurrent.forward(x, undefined, wild(padding))).toThrow(
      'expected { lengths } or { mask } for the options, got ',
    );
  for (const state of [{}, 5, null, [1], 'h']) {
    for (const C of [RNNCell, LSTMCell, GRUCell]) {
      const step = () => new C(4, 6, options).step(x.select(0), wild(state));
      expect(step).toThrow(`${C.name}: expected a state `);
      expect(step).toThrow('initialState(batch) gives one');
    }
    for (const M of [RNN, LSTM, GRU]) {
      const run = () => new M(4, 6, options).forward(x, wild(state));
      const pair = M === LSTM && Array.isArray(state); // PyTorch's (h, c)
      expect(run).toThrow(
        pair ? 'LSTM: expected a state { h, c }, got an array' : `${M.name}: expected [1, B, H] for state`,
      );
      expect(run).toThrow(pair ? 'write { h, c } in place of [h, c]' : '; initialState(batch) gives one');
    }
  }
});

test('A cell whose step returns no { output, state } is rejected by name with the returned value', () => {
  const run = (given: (x: Tensor) => unknown) => () => new Recurrent(new WildCell(given)).forward(x);
  const message = (got: string) =>
    `Recurrent: expected { output, state } with a tensor for output, WildCell.step returned ${got};`;
  expect(run(() => undefined)).toThrow(message('undefined'));
  expect(run((x) => x)).toThrow(message('a Tensor'));
  expect(run((x) => [x, x])).toThrow(message('{ 0, 1 } with undefined for output'));
  expect(run((x) => ({ output: x }))).toThrow(message('{ output } with a Tensor for output'));
  expect(run(() => ({ output: 1, state: 1 }))).toThrow(message('{ output, state } with a number for output'));
  expect(run(() => undefined)).toThrow(ValueError);
  expect(run(() => null)).toThrow(message('null'));
});

test('A state with a class instance or a Map in it throws an error: padding could not hold it; plain trees with numbers do not', () => {
  const run = (state: unknown, lengths?: readonly number[]) => () => {
    const cell = new WildCell((x, s) => ({ output: x, state: s }), state);
    cell.initialState = (batch = 2) =>
      (batch === 2 ? state : mapState(state, (s) => (s instanceof Tensor ? zeros([batch, 1]) : s))) as Tensor;
    return new Recurrent(cell).forward(x, undefined, lengths === undefined ? {} : { lengths });
  };
  for (const lengths of [undefined, [3, 1]]) {
    expect(run(new Pair(), lengths)).toThrow('for the state of WildCell, got a Pair');
    expect(run([{ map: new Map() }], lengths)).toThrow('for the state of WildCell, got a Map');
    expect(run({ h: [zeros([2, 1])], steps: 0, name: 'a', last: null, on: true }, lengths)).not.toThrow();
  }
  const given = new Recurrent(new WildCell((x) => ({ output: x, state: zeros([2, 4]) })));
  expect(() => given.forward(x, wild(new Pair()))).toThrow('for the state of WildCell, got a Pair');
  expect(run({ h: zeros([2, 1]), f: () => 1 })).toThrow('for the state of WildCell, got a function');
  const inside: unknown[] = [zeros([2, 1])];
  inside.push(inside);
  expect(run(inside)).toThrow('initialState(batch) gives one');
  const growing = new WildCell((x) => ({ output: x, state: { pair: new Pair() } }));
  for (const steps of [x, x.slice([0, 1])])
    expect(() => new Recurrent(growing).forward(steps)).toThrow('for the state of WildCell, got a Pair');
});

test('With padding, a state whose batch is not its first axis throws an error, also where the sizes happen to be equal', () => {
  class Deep extends Cell<Tensor> {
    initialState(batch: number): Tensor {
      return zeros([2, batch, 4]);
    }
    step(x: Tensor, h: Tensor): Step<Tensor> {
      return { output: x, state: h.add(x) };
    }
  }
  class Constant extends Deep {
    override initialState(): Tensor {
      return zeros([3, 4]);
    }
  }
  const constant = () => new Recurrent(new Constant()).forward(x, undefined, { lengths: [3, 1] });
  expect(constant).toThrow('got [3, 4] for a batch of 2 and [3, 4] for one of 3 from Constant');
  class Flat extends Cell<Tensor> {
    initialState(batch: number): Tensor {
      return zeros([batch, 1]);
    }
    step(x: Tensor, h: Tensor): Step<Tensor> {
      return { output: x.sum(), state: h };
    }
  }
  expect(() => new Recurrent(new Flat()).forward(x, undefined, { lengths: [3, 1] })).toThrow(
    'Recurrent: expected outputs and states [B, …] with padding, B = 2, got [] from the cell',
  );
  class Sized extends Cell<{ readonly h: Tensor; readonly size: number }> {
    initialState(batch: number) {
      return { h: zeros([batch, 4]), size: batch };
    }
    step(x: Tensor, { h, size }: { readonly h: Tensor; readonly size: number }) {
      return { output: x, state: { h: h.add(x), size } };
    }
  }
  expect(new Recurrent(new Sized()).forward(x, undefined, { lengths: [3, 1] }).state.size).toBe(2);
  const recurrent = new Recurrent(new Deep());
  expect(recurrent.forward(x).state.shape).toEqual([2, 2, 4]);
  const run = () => recurrent.forward(x, undefined, { lengths: [3, 1] });
  expect(run).toThrow(ShapeError);
  expect(run).toThrow('got [2, 2, 4] for a batch of 2 and [2, 3, 4] for one of 3 from Deep');
});
