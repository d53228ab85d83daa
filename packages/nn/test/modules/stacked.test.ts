import { Random, ShapeError, type Tensor, ValueError, zeros } from '@chronograd/tensor';
import { expect, expectTypeOf, test } from 'vitest';
import { GRU, GRUCell, LSTM, type LSTMState, RNN } from '../../src/index.ts';
import { leaves, numbers } from '../recurrent/problems.ts';

const [T, B, F, H] = [4, 2, 3, 2];
const x = numbers(1, T, B, F);
const unrolled = ({ outputs, state }: { readonly outputs: Tensor; readonly state: unknown }) => ({
  outputs,
  states: leaves(state),
});
const make = (options: object) => [
  new RNN(F, H, { random: new Random(1), dtype: 'float64', nonlinearity: 'relu', ...options }),
  new GRU(F, H, { random: new Random(1), dtype: 'float64', reset: 'before', ...options }),
  new LSTM(F, H, { random: new Random(1), dtype: 'float64', ...options }),
];

test('RNN, GRU and LSTM are a Recurrent of their cells: the same numbers; states stacked layer by layer, forward first', () => {
  for (const bidirectional of [false, true]) {
    for (const layers of [1, 3]) {
      for (const module of make({ layers, bidirectional })) {
        const { recurrent } = module;
        const D = bidirectional ? 2 : 1;
        const stacked = unrolled(module.forward(x));
        const plain = unrolled(recurrent.forward(x));
        expect(stacked.outputs.toArray()).toEqual(plain.outputs.toArray());
        expect(stacked.outputs.shape).toEqual([T, B, D * H]);
        const parts = stacked.states.map((s) => Array.from({ length: layers * D }, (_, k) => s.select(k)));
        const inOrder = parts[0]!.flatMap((_, k) => parts.map((part) => String(part[k])));
        expect(plain.states.map(String)).toEqual(inOrder);

        const start = leaves(module.initialState(B)).map((s, i) => numbers(i, ...s.shape));
        const given = start.length === 1 ? start[0] : { h: start[0], c: start[1] };
        const passed = module.forward(x, given as Tensor & LSTMState);
        const first = leaves(recurrent.initialState(B)).map((_, k) =>
          start[k % start.length]!.select(Math.floor(k / start.length)),
        );
        let next = 0;
        const layerState = (): unknown =>
          start.length === 1 ? first[next++] : { h: first[next++], c: first[next++] };
        const tree = recurrent.cell.map(() => (bidirectional ? [layerState(), layerState()] : layerState()));
        const direct = (recurrent as LSTM['recurrent']).forward(x, tree as never);
        expect(passed.outputs.toArray()).toEqual(direct.outputs.toArray());
      }
    }
  }
});

test('What a module draws its weights from are the cells in order: those of layer 0 first, forward before backward', () => {
  const random = new Random(1);
  const cells = [F, F, 2 * H, 2 * H].map((size) => new GRUCell(size, H, { random }));
  const gru = new GRU(F, H, { random: new Random(1), layers: 2, bidirectional: true });
  expect(gru.parameters().map(String)).toEqual(cells.flatMap((cell) => cell.parameters().map(String)));
  expect(gru.namedParameters()[4]![0]).toBe('recurrent.cell.0.1.weightIh');
});

test('A projected LSTM hands its projections up and back: h has their size, c that of the cell', () => {
  const lstm = new LSTM(F, 5, { random: new Random(1), projectionSize: 2, layers: 2, bidirectional: true });
  const { outputs, state } = lstm.forward(numbers(1, T, B, F).cast('float32'));
  expect([outputs.shape, state.h.shape, state.c.shape]).toEqual([
    [T, B, 4],
    [4, B, 2],
    [4, B, 5],
  ]);
});

test('Options reach the cells and the loop, and are checked: layers, dropout, biases, padding, batch first, learned states', () => {
  const options = { random: new Random(1), dtype: 'float64' } as const;
  const lstm = new LSTM(F, H, {
    ...options,
    layers: 2,
    dropout: 0.5,
    biases: 1,
    batchFirst: true,
    learnInitialState: true,
  });
  const { outputs, state } = lstm.forward(numbers(1, B, T, F), undefined, { lengths: [T, 1] });
  expect(outputs.shape).toEqual([B, T, H]);
  expect(outputs.slice(1, [1]).abs().sum().item()).toBe(0);
  expectTypeOf(state).toEqualTypeOf<LSTMState>();
  expect(lstm.recurrent.start).toHaveLength(4);
  expect(lstm.namedParameters().some(([name]) => name.endsWith('biasHh'))).toBe(false);
  expect(lstm.recurrent.dropout!.p).toBe(0.5);
  expect(() => new RNN(F, H, { ...options, layers: 0 })).toThrow(
    new ValueError('RNN: expected a whole number from 1 on for layers, got 0'),
  );
  expect(() => new GRU(F, H, { ...options, dropout: 0.5 })).toThrow('is applied between layers');
  const gru = new GRU(F, H, { ...options, layers: 2 });
  expect(() => gru.forward(x, numbers(1, 1, B, H))).toThrow(ShapeError);
  expect(() => gru.forward(x, numbers(1, B, H))).toThrow(
    'GRU: expected [2, B, H] for state, one [B, H] for each layer and direction, got [2, 2]',
  );
});

test("PyTorch's pair [h, c] throws an error with the form of the state that an LSTM takes", () => {
  const lstm = new LSTM(3, 4, { random: new Random(1) });
  const pair = [zeros([1, 2, 4]), zeros([1, 2, 4])] as never;
  expect(() => lstm.forward(zeros([5, 2, 3]), pair)).toThrow(
    'LSTM: expected a state { h, c }, got an array; write { h, c }',
  );
});
