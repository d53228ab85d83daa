import { ones, Random, type Tensor } from '@chronograd/tensor';
import { expect, test } from 'vitest';
import {
  type AnyCell,
  LSTMCell,
  Recurrent,
  RNNCell,
  variationalDropout,
  weightDrop,
  zoneout,
} from '../../src/index.ts';
import { B, drawn, dtype, EchoCell, F, H, T } from './wrappers.ts';

const x = drawn(1, T, B, F);

test('`draws` says whether a run draws, and `dropsInput` whether elements of inputs are dropped', () => {
  const random = new Random(1);
  const lstm = () => new LSTMCell(F, H, { random: new Random(1), dtype });
  const none = { h: 0, c: 0 };
  for (const [cell, draws, dropsInput] of [
    [zoneout(lstm(), 0, { random }), false, false],
    [zoneout(lstm(), none, { random }), false, false],
    [zoneout(lstm(), { h: 0, c: 0.1 }, { random }), true, false],
    [weightDrop(lstm(), 0, { random }), false, false],
    [weightDrop(lstm(), 0.5, { random }), true, false],
    [variationalDropout(lstm(), { random }), false, false],
    [variationalDropout(lstm(), { state: none, random }), false, false],
    [variationalDropout(lstm(), { state: 0.1, random }), true, false],
    [variationalDropout(lstm(), { input: 0.1, random }), true, true],
  ] as const) {
    for (const training of [true, false]) {
      cell.train(training);
      const before = JSON.stringify(random.state);
      new Recurrent<AnyCell>(cell).forward(x);
      expect(JSON.stringify(random.state) !== before).toBe(draws && training);
      expect([cell.draws, cell.dropsInput]).toEqual([draws && training, dropsInput]);
    }
  }
});

test('Invalid arguments are errors with names and cures', () => {
  const random = new Random(1);
  const lstm = new LSTMCell(F, H, { random });
  const refused = (call: () => unknown) => expect(call);
  refused(() => zoneout(lstm, { d: 0.1 }, { random })).toThrow(
    'zoneout: expected names of float tensors in the state for p, got "d"; the names are h, c',
  );
  refused(() => zoneout(lstm, 1.5, { random })).toThrow('zoneout: expected a number from 0 to 1 for p');
  refused(() => zoneout(new RNNCell(1, 1, { random }), { h: 0.1 }, { random })).toThrow('pass a number');
  refused(() => variationalDropout(lstm, { state: { h: -1 }, random })).toThrow('for state.h, got -1');
  refused(() => weightDrop(lstm, 0.5, { names: ['weight_hh'], random })).toThrow(
    'weightDrop: expected names of parameters of the cell for names, got "weight_hh"; the parameters are weightIh, weightHh, biasIh, biasHh',
  );
  refused(() => zoneout(lstm, null as never, { random })).toThrow('from 0 to 1 for p, got null');
  class Counting extends EchoCell {
    override initialState(batch: number): Tensor {
      return { count: ones([batch], { dtype: 'int32' }), x: ones([batch, H]) } as never;
    }
  }
  refused(() => zoneout(new Counting(), { count: 0.1 }, { random })).toThrow(/"count"; the names are x$/);
  expect([...zoneout(new Counting(), 0.1, { random }).p]).toEqual([['x', 0.1]]);
  refused(() => variationalDropout(new Counting(), { state: 0.1, random })).toThrow(
    'variationalDropout: expected probabilities by name for the state, which has no h, got one number; for example { state: { x: 0.3 } }',
  );
  for (const names of [[], 'weightHh', null])
    refused(() => weightDrop(lstm, 0.5, { names: names as never, random })).toThrow(
      'weightDrop: expected a list of names for names, got ',
    );
  refused(() => weightDrop(new EchoCell(), 0.5, { random })).toThrow('the parameters are none');
  for (const wrap of [zoneout, weightDrop])
    refused(() => wrap(LSTMCell as never, 0.5, { random })).toThrow(`${wrap.name}: expected a cell, got `);
  refused(() => variationalDropout(lstm, {} as never)).toThrow('expected { random: new Random(seed) }');
});
