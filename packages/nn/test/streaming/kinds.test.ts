/** Kinds of models, states and inputs that a stream takes, and what it refuses. */
import {
  DtypeError,
  normal,
  Random,
  ShapeError,
  type Tensor,
  tensor,
  ValueError,
  zeros,
} from '@chronograd/tensor';
import { expect, test } from 'vitest';
import { Cell, forecast, GRUCell, Recurrent, RNNCell, type Step, stream } from '../../src/index.ts';

const random = new Random(1);
const rnn = () => new RNNCell(2, 2, { random: new Random(2) });
const numbers = (x: Tensor): number[] => [...x.toTypedArray()];
const [a, b] = [normal([2, 2], { random }), normal([2, 2], { random })];

interface Counted {
  readonly a: number;
  readonly b: number;
  readonly h: Tensor;
  readonly z: Tensor;
}

/** Numbers before and between the tensors of its state. */
class CountingCell extends Cell<Counted> {
  initialState(batch: number): Counted {
    return { a: 1, b: 10, h: zeros([batch, 2]), z: zeros([batch, 2]).add(5) };
  }
  step(x: Tensor, { a, b, h, z }: Counted): Step<Counted> {
    const next = h.add(x).mul(0.5);
    return { output: next.mul(a).add(b).add(z), state: { a: a + 1, b: b * 2, h: next, z: z.sub(h) } };
  }
}

test('A state of tensors and numbers can be saved, assigned and reset', () => {
  const model = new Recurrent(new CountingCell());
  const live = stream(model, { batch: 2, plan: false });
  const push = (x: Tensor): number[] => numbers(live.push(x));
  const first = push(a);
  const saved = live.state;
  const rest = [push(b), push(a)];
  live.state = saved;
  expect(live.output).toBe(null);
  expect([push(b), push(a)]).toEqual(rest);
  expect(live.output).not.toBe(null);
  live.reset();
  expect(live.output).toBe(null);
  expect(push(a)).toEqual(first);
  expect([saved.a, saved.b]).toEqual([2, 20]);
  for (const [a, kind] of [
    ['2', 'string'],
    [null, 'null'],
  ] as const)
    expect(() => {
      live.state = { ...saved, a: a as never };
    }).toThrow(
      `state.a number, state.b number, state.h float32 [2, 2], state.z float32 [2, 2], got state.a ${kind},`,
    );
});

test('Ahead of the first push, nothing has been read afterwards', () => {
  const live = stream(new Recurrent(rnn()), { batch: 2 });
  const state = numbers(live.state);
  live.ahead(() => live.push(a));
  expect([live.output, numbers(live.state)]).toEqual([null, state]);
});

test('Typed arrays are the numbers of tensors, for any batch, and later ones must have the same form', () => {
  const model = new Recurrent(rnn());
  const [live, other] = [stream(model, { batch: 2 }), stream(model, { batch: 2 })];
  for (const x of [a, b]) expect(numbers(live.push(x.toTypedArray()))).toEqual(numbers(other.push(x)));
  const { state } = live;
  expect(() => live.push(new Float32Array(2))).toThrow(ShapeError);
  expect(() => live.push(new Float32Array(6))).toThrow('push: expected [2, 2] for the input');
  expect(() => live.push(new Float32Array(3))).toThrow('push: expected 2·F floats for a batch of 2, got 3');
  for (const x of [new Float64Array(4), a.cast('float64'), new Int32Array(2)])
    expect(() => live.push(x)).toThrow(DtypeError);
  expect(() => live.pushInto(a, [0, 0, 0, 0] as never)).toThrow('pushInto: expected a typed array for out');
  expect(live.state).toEqual(state);
  const indices = stream(new Recurrent(new GRUCell(4, 2, { random: new Random(3) })), { batch: 2 });
  const same = stream(new Recurrent(new GRUCell(4, 2, { random: new Random(3) })), { batch: 2 });
  const ids = Int32Array.of(3, 1);
  expect(numbers(indices.push(ids))).toEqual(numbers(same.push(tensor(ids))));
});

test('A plain object with forward and initialState is a model; without one of them it is none', () => {
  const recurrent = new Recurrent(rnn());
  const initialState = (batch: number) => recurrent.initialState(batch);
  const forward = (x: Tensor, state: Tensor) => recurrent.forward(x, state);
  const live = stream({ initialState, forward }, { batch: 2 });
  expect(numbers(live.push(a))).toEqual(numbers(stream(recurrent, { batch: 2 }).push(a)));
  for (const model of [{ initialState }, { forward }, null, undefined, 3])
    expect(() => stream(model as never)).toThrow(
      'stream: expected a Recurrent, or a model with initialState',
    );
  for (const outputs of [zeros([3, 2, 2]), zeros([2, 3, 2]), 3, undefined]) {
    for (const [batchFirst, form] of [
      [false, '[1, B, …]'],
      [true, '[B, 1, …]'],
    ] as const) {
      const model = { batchFirst, initialState, forward: () => ({ outputs, state: zeros([2, 2]) }) };
      const push = () => stream(model as never, { batch: 2 }).push(a);
      expect(push).toThrow(ValueError);
      expect(push).toThrow(
        `stream: expected { outputs, state } with outputs ${form} from forward of Object, got `,
      );
    }
  }
  const nothing = stream({ initialState, forward: () => null } as never, { batch: 2 });
  expect(() => nothing.push(a)).toThrow('got undefined');
});

test('A backward cell in any layer is refused with its place', () => {
  const layers = [rnn(), [rnn(), rnn()]] as const;
  const place = 'expected forward cells alone, got a backward cell, whose outputs';
  expect(() => stream(new Recurrent(layers))).toThrow(place);
});

test('A forecast needs a stream, and a tensor as the next input', () => {
  for (const live of [null, undefined, {}, new Recurrent(rnn())])
    expect(() => forecast(live as never, 2)).toThrow('forecast: expected a stream, got ');
  const live = stream(new Recurrent(rnn()), { batch: 2 });
  live.push(a);
  for (const next of [() => 3, () => undefined, (y: Tensor) => y.toTypedArray()])
    expect(() => forecast(live, 2, { next: next as never })).toThrow('forecast: expected a tensor from next');
});
