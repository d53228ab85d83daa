import { grad } from '@chronograd/autograd';
import {
  memory,
  normal,
  Parameter,
  PlanError,
  plan,
  Random,
  ShapeError,
  scope,
  type Tensor,
  tensor,
  ValueError,
  zeros,
} from '@chronograd/tensor';
import { expect, expectTypeOf, test } from 'vitest';
import { readSafetensors, writeSafetensors } from '../../src/formats/safetensors/index.ts';
import {
  CausalConv1d,
  Cell,
  Dropout,
  GRUCell,
  Linear,
  LSTM,
  LSTMCell,
  type LSTMState,
  Module,
  Recurrent,
  RNNCell,
  type Step,
  stream,
} from '../../src/index.ts';

const random = new Random(1);
const float = { random } as const;
const series = normal([6, 1, 2], float);
const at = (t: number): Tensor => series.select(t);
const lstm = new Recurrent(new LSTMCell(2, 3, float));
const numbers = (x: Tensor | null): number[] => [...(x?.toTypedArray() ?? [])];

test('the state is a copy, can be saved, and continues bit for bit', () => {
  const live = stream(lstm);
  expectTypeOf(live.state).toEqualTypeOf<LSTMState>();
  for (let t = 0; t < 3; t++) live.push(at(t));
  const saved = live.state;
  const before = numbers(saved.c);
  const file = writeSafetensors(
    new Map(
      Object.entries(saved).map(([name, x]) => [
        name,
        { dtype: 'F32', shape: [...x.shape], data: x.toTypedArray() as Float32Array },
      ]),
    ),
  );
  const text = JSON.stringify([saved.h.toArray(), saved.c.toArray()]);
  const rest = [3, 4, 5].map((t) => numbers(live.push(at(t))));
  expect(numbers(saved.c)).toEqual(before);
  const read = readSafetensors(file).tensors;
  const of = (name: string): Tensor => {
    const found = read.get(name);
    return tensor(found?.data as Float32Array, { shape: found?.shape ?? [] });
  };
  const [h, c] = (JSON.parse(text) as number[][][]).map((part) => tensor(part)) as [Tensor, Tensor];
  for (const state of [saved, { h: of('h'), c: of('c') }, { c, h }]) {
    const other = stream(lstm);
    other.state = state;
    expect(other.output).toBe(null);
    expect([3, 4, 5].map((t) => numbers(other.push(at(t))))).toEqual(rest);
  }
});

test('outputs are new tensors; pushInto writes into the given array', () => {
  const live = stream(lstm);
  const first = live.push(at(0));
  const values = numbers(first);
  const out = new Float32Array(3);
  expect(live.pushInto(at(1).toTypedArray(), out)).toBe(out);
  expect(numbers(first)).toEqual(values);
  expect(numbers(live.output)).toEqual([...out]);
  expect(() => live.pushInto(at(1), new Float32Array(4))).toThrow(/pushInto: expected 3 elements for out/);
  expect(() => live.pushInto(at(1), new Float64Array(3))).toThrow(/expected an array of float32/);
  expect(numbers(live.output)).toEqual([...out]);
});

test('later pushes replay; changes of weights are seen', () => {
  let calls = 0;
  const head = (y: Tensor): Tensor => {
    calls++;
    return y;
  };
  const model = new Recurrent(new RNNCell(2, 3, { random: new Random(5) }));
  const [live, unplanned] = [stream(model, { head }), stream(model, { plan: false })];
  const push = (t: number): void => expect(numbers(live.push(at(t)))).toEqual(numbers(unplanned.push(at(t))));
  for (let t = 0; t < 3; t++) push(t);
  const bias = model.cell.parameters()[0] as Parameter;
  bias.assign(bias.mul(2));
  for (let t = 3; t < 6; t++) push(t);
  model.evaluate();
  push(0);
  expect(calls).toBe(1);
});

test('in an open scope later pushes replay too, and take no memory', () => {
  let calls = 0;
  const head = (y: Tensor): Tensor => {
    calls++;
    return y;
  };
  const live = stream(lstm, { head });
  const inside = scope(() => [0, 1, 2, 3].map((t) => numbers(live.push(at(t)))));
  live.reset();
  expect([0, 1, 2, 3].map((t) => numbers(live.push(at(t))))).toEqual(inside);
  expect(calls).toBe(1);
});

test('many pushes take no memory', () => {
  const live = stream(new Recurrent([new GRUCell(2, 3, float), new LSTMCell(3, 3, float)]));
  const x = at(0).toTypedArray();
  const out = new Float32Array(3);
  live.pushInto(x, out);
  live.pushInto(x, out);
  const before = JSON.stringify(memory());
  for (let i = 0; i < 1000; i++) live.pushInto(x, out);
  expect(JSON.stringify(memory())).toBe(before);
});

test('dropout is off in a module of your own, and its mode stays', () => {
  class Own extends Module {
    readonly recurrent = new Recurrent(new RNNCell(2, 3, { random: new Random(5) }));
    readonly dropout = new Dropout(0.5, { random: new Random(6) });
    readonly decoder = new Linear(3, 2, { random: new Random(7) });
    initialState(batch: number): Tensor {
      return this.recurrent.initialState(batch);
    }
    forward(x: Tensor, state: Tensor): { readonly outputs: Tensor; readonly state: Tensor } {
      const run = this.recurrent.forward(x, state);
      return { outputs: this.decoder.forward(this.dropout.forward(run.outputs)), state: run.state };
    }
  }
  const model = new Own();
  const live = stream(model);
  const got = [0, 1, 2].flatMap((t) => numbers(live.push(at(t))));
  expect(model.training).toBe(true);
  const { outputs } = model.evaluate().forward(series, model.initialState(1));
  expect(got).toEqual(numbers(outputs).slice(0, 6));
});

/** A state whose parts move on: the input before, and the one before that; and a count. */
class DelayCell extends Cell<{ readonly last: Tensor; readonly older: Tensor; readonly count: number }> {
  initialState(batch: number) {
    return { last: zeros([batch, 2]), older: zeros([batch, 2]), count: 0 };
  }
  step(x: Tensor, { last, older, count }: ReturnType<DelayCell['initialState']>) {
    return { output: older.add(count), state: { count: (count + 1) % 3, older: last, last: x } };
  }
}

test('states that hold parts of the one before, and numbers', () => {
  const model = new Recurrent(new DelayCell());
  const live = stream(model);
  const got = [0, 1, 2, 3, 4, 5].flatMap((t) => numbers(live.push(at(t))));
  const { outputs, state } = model.forward(series);
  expect(got).toEqual(numbers(outputs));
  expect(live.state.count).toBe(state.count);
  expect(numbers(live.state.older)).toEqual(numbers(state.older));
});

class GrowingCell extends Cell<Tensor> {
  initialState(batch: number): Tensor {
    return zeros([batch, 2]);
  }
  step(x: Tensor, state: Tensor): Step<Tensor> {
    return { output: x, state: state.unsqueeze(0).mul(x) };
  }
}

test('refuses what it cannot run', () => {
  const cell = (): RNNCell => new RNNCell(2, 3, float);
  expect(() => stream(new Recurrent([cell(), [cell(), cell()]].slice(1) as never))).toThrow(
    /stream: expected forward cells alone, got a backward cell/,
  );
  expect(() => stream(new LSTM(2, 3, { bidirectional: true, random }))).toThrow(
    /in recurrent, whose outputs/,
  );
  class Convolved extends Module {
    readonly conv = new CausalConv1d(2, 2, 2, float);
    readonly recurrent = lstm;
    initialState = (batch: number): LSTMState => lstm.initialState(batch);
    forward = (x: Tensor, state: LSTMState) => lstm.forward(this.conv.forward(x), state);
  }
  expect(() => stream(new Convolved())).toThrow(/got a CausalConv1d in conv/);
  expect(() => stream(new Linear(2, 3, float) as never)).toThrow(/expected a Recurrent, or a model with/);
  expect(() => stream(new Recurrent(new GrowingCell())).push(at(0))).toThrow(
    /push: expected a state of the form state float32 \[1, 2\], got state float32 \[1, 1, 2\]/,
  );
  expect(() => stream(lstm, { batch: 0 })).toThrow(ValueError);
});

test('refuses inputs that do not fit, and leaves the state as it was', () => {
  const live = stream(lstm, { batch: 1 });
  expect(() => live.push(series)).toThrow(
    /push: expected an input \[1, …\] of one time step, got \[6, 1, 2\]/,
  );
  live.push(at(0));
  const { h } = live.state;
  expect(() => live.push(tensor([[1, 2, 3]]))).toThrow(ShapeError);
  expect(() => live.push([1, 2] as never)).toThrow(/push: expected a tensor \[B, …\] or a typed array/);
  expect(() => {
    live.state = { h, c: zeros([2, 3]) };
  }).toThrow(/state: expected a state of the form/);
  expect(() => grad(() => live.push(at(0)).sum())(new Parameter(zeros([])))).toThrow(
    /push: expected a stream outside of gradients/,
  );
  expect(() => plan(() => live.push(at(0)))()).toThrow(PlanError);
  expect(numbers(live.state.h)).toEqual(numbers(h));
  expect(() => stream(lstm, { head: () => 3 as never }).push(at(0))).toThrow(/expected a tensor from head/);
});

test('A disposed stream holds no memory, and throws when it is used', () => {
  const before = memory();
  const live = stream(lstm);
  live.push(at(0));
  expect(memory()).not.toEqual(before);
  live[Symbol.dispose]();
  expect(memory().persistent).toEqual(before.persistent);
  expect(memory().plans.recordings).toBe(before.plans.recordings);
  expect(() => live.push(at(1))).toThrow('disposed');
});
