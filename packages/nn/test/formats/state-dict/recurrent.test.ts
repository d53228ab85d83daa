import { Random } from '@chronograd/tensor';
import { expect, test } from 'vitest';
import {
  GRU,
  GRUCell,
  Linear,
  LSTM,
  LSTMCell,
  loadStateDict,
  Module,
  Recurrent,
  RNN,
  RNNCell,
  stateDict,
} from '../../../src/index.ts';

const random = new Random(5);
const names = (module: Module): string[] => [...stateDict(module).keys()];
/** As PyTorch orders them, layer by layer and forward before backward. */
const torchNames = (parts: readonly string[], suffixes: readonly string[]): string[] =>
  suffixes.flatMap((suffix) => parts.map((part) => `${part}_${suffix}`));
const FOUR = ['weight_ih', 'weight_hh', 'bias_ih', 'bias_hh'];

test("Stacked modules have PyTorch's names, whatever the layers, directions, biases and projections", () => {
  expect(names(new RNN(3, 2, { random }))).toEqual(torchNames(FOUR, ['l0']));
  expect(names(new GRU(3, 2, { random, layers: 2, bidirectional: true }))).toEqual(
    torchNames(FOUR, ['l0', 'l0_reverse', 'l1', 'l1_reverse']),
  );
  expect(names(new LSTM(3, 2, { random, layers: 3, biases: 0, projectionSize: 1 }))).toEqual(
    torchNames(['weight_ih', 'weight_hh', 'weight_hr'], ['l0', 'l1', 'l2']),
  );
  expect(names(new GRU(3, 2, { random, biases: 1, layers: 2 }))).toEqual(torchNames(FOUR, ['l0', 'l1']));
});

test('A model of a Recurrent has the same names as one of a stacked module, and takes its weights', () => {
  class Model extends Module {
    readonly encoder: Recurrent<GRUCell> | GRU;
    readonly head: Linear = new Linear(2, 1, { random });
    constructor(encoder: Recurrent<GRUCell> | GRU) {
      super();
      this.encoder = encoder;
    }
  }
  const one = new Model(new Recurrent(new GRUCell(3, 2, { random })));
  const other = new Model(new GRU(3, 2, { random }));
  expect(names(one)[0]).toBe('encoder.weight_ih_l0');
  loadStateDict(one, stateDict(other));
  expect(stateDict(one)).toEqual(stateDict(other));
});

test('Layers of different cells, and learned initial states, have separate names', () => {
  const cells = [
    new LSTMCell(3, 2, { random, biases: 0 }),
    new RNNCell(2, 2, { random, biases: 0 }),
  ] as const;
  const model = new Recurrent(cells, { learnInitialState: true });
  expect(names(model).sort()).toEqual([
    'start.0',
    'start.1',
    'start.2',
    'weight_hh_l0',
    'weight_hh_l1',
    'weight_ih_l0',
    'weight_ih_l1',
  ]);
});

test('A convention that PyTorch lacks is recognized by the names of every layer, and rejected by name', () => {
  const before = new GRU(3, 2, { random, reset: 'before', layers: 2 });
  expect(names(before).filter((name) => name.includes('before'))).toEqual([
    'weight_hh_reset_before_l0',
    'weight_hh_reset_before_l1',
  ]);
  expect(() => loadStateDict(new GRU(3, 2, { random, layers: 2 }), stateDict(before))).toThrow(
    'GRUCell (weight_ih_l1, bias_ih_l1, bias_hh_l1, weight_hh_reset_before_l1): the weights are of a GRU with its reset gate before',
  );
});
