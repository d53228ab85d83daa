import { ones, Random, ShapeError, type Tensor, zeros } from '@chronograd/tensor';
import { describe, expect, test } from 'vitest';
import { GRUCell, LSTMCell, RNNCell } from '../../src/index.ts';
import { mapLeaves, stateLeaves } from '../../src/recurrent/state-leaves.ts';

const [B, F, H] = [2, 3, 4];
const random = new Random(1);
const CELLS = {
  RNNCell: () => new RNNCell(F, H, { random }),
  LSTMCell: () => new LSTMCell(F, H, { random }),
  'LSTMCell with a projection': () => new LSTMCell(F, H, { random, projectionSize: 3 }),
  'GRUCell after': () => new GRUCell(F, H, { random }),
  'GRUCell before': () => new GRUCell(F, H, { random, reset: 'before' }),
};

/** What a tensor [B, n] of a state must not be; each would broadcast, or fail in an inner op. */
const WRONG: Readonly<Record<string, (h: Tensor) => unknown>> = {
  'of more axes': (h) => h.unsqueeze(-1),
  'of fewer axes': (h) => h.select(0),
  'of another batch': (h) => zeros([1, h.shape[1]!]),
  'of another size': (h) => zeros([B, h.shape[1]! + 1]),
  'of another dtype': (h) => h.cast('float64'),
  'no tensor': () => 1,
};

describe.each(Object.entries(CELLS))('%s', (title, make) => {
  const [cell, name] = [make(), title.split(' ')[0]!];
  const step = (x: Tensor, state: unknown) => () => cell.step(x, state as never);
  const state = cell.initialState(B);

  test.each(Object.entries(WRONG))('refuses a state with a tensor that is %s', (_, spoil) => {
    for (const { path } of stateLeaves(state)) {
      const wrong = mapLeaves(state, (leaf, at) => (at === path ? spoil(leaf) : leaf) as Tensor);
      expect(step(ones([B, F]), wrong)).toThrow(ShapeError);
      expect(step(ones([B, F]), wrong)).toThrow(`${name}: expected a state `);
    }
  });

  test('refuses inputs without a batch or with more axes, and sizes that are no counts', () => {
    for (const shape of [[F], [B, 5, F], [B, 1, F]])
      expect(step(ones(shape), state)).toThrow(`${name}: expected a state `);
    const Made = cell.constructor as new (...args: unknown[]) => unknown;
    for (const [inputSize, hiddenSize, wrong] of [
      [0, H, 'inputSize, got 0'],
      [F, 1.5, 'hiddenSize, got 1.5'],
    ] as const)
      expect(() => new Made(inputSize, hiddenSize, { random })).toThrow(
        `${name}: expected a whole number from 1 on for ${wrong}`,
      );
  });
});

test('The error shows dtypes if they are the difference, and what is no tensor', () => {
  const [rnn, lstm] = [CELLS.RNNCell(), CELLS.LSTMCell()];
  const [x, h, wide] = [ones([B, F]), zeros([B, H]), zeros([B, H], { dtype: 'float64' })];
  const got = (text: string) => ` with the B of the input, got ${text} with an input projected to `;
  expect(() => rnn.step(x, wide)).toThrow(`${got('float64 [2, 4]')}float32 [2, 4]; `);
  expect(() => lstm.step(x, { h, c: wide })).toThrow(
    `${got('{ h float32 [2, 4], c float64 [2, 4] }')}float32 [2, 16]; `,
  );
  expect(() => lstm.step(x, { h, c: h.select(0) })).toThrow(`${got('{ h [2, 4], c [4] }')}[2, 16]; `);
  expect(() => rnn.step(x, 'h' as never)).toThrow(`${got('"h"')}[2, 4]; `);
  // An input that a caller projected: of another size it would broadcast.
  expect(() => rnn.advance(ones([B, 1]), h)).toThrow(`${got('[2, 4]')}[2, 1]; `);
});
