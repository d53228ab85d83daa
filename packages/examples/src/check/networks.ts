/**
 * The networks of `check` without a file: RNN, LSTM and GRU with an output layer, on random data.
 */
import { crossEntropy, GRUCell, Linear, LSTMCell, Recurrent, RNNCell } from '@chronograd/nn';
import { normal, Parameter, Random, type Tensor, tensor } from '@chronograd/tensor';
import { byHand } from '../by-hand.ts';
import { type Row, threeWays } from './three-ways.ts';

/** T steps, B streams, H hidden units, V characters. */
export const SIZES = { T: 5, B: 3, H: 3, V: 4 };

/** The result for a network. */
export interface CheckedNetwork {
  readonly name: string;
  readonly parameters: readonly Row[];
}

/**
 * Gradients of the mean cross-entropy with respect to parameters and initial state. Deterministic.
 */
export function checkNetworks(): CheckedNetwork[] {
  const { H, V } = SIZES;
  const options = { random: new Random(1), dtype: 'float64' } as const;
  const networks = {
    RNN: new RNNCell(V, H, { ...options, biases: 1 }),
    LSTM: new LSTMCell(V, H, { ...options, biases: 1 }),
    GRU: new GRUCell(V, H, options),
    'GRU, reset before': new GRUCell(V, H, { ...options, reset: 'before' }),
  };
  return Object.entries(networks).map(([name, cell]) => ({ name, parameters: check(cell, options.random) }));
}

function check(cell: RNNCell | LSTMCell | GRUCell, random: Random): Row[] {
  const { T, B, H, V } = SIZES;
  const decoder = new Linear(H, V, { random, dtype: 'float64' });
  const draw = (): Int32Array => Int32Array.from({ length: T * B }, () => random.integer(V));
  const state = (): Parameter => new Parameter(normal([B, H], { random, dtype: 'float64' }));
  const [inputs, targets, h, c] = [draw(), draw(), state(), state()];
  const x = tensor(inputs, { shape: [T, B] });
  const y = tensor(targets, { shape: [T, B] });
  const isLstm = cell instanceof LSTMCell;
  const rows = (values: Parameter): number[][] => values.toArray() as number[][];
  const window = { steps: T, batch: B, vocabulary: V, inputs, targets, h0: rows(h), c0: rows(c) };
  const loss = (): Tensor => {
    const { outputs } = isLstm
      ? new Recurrent(cell).forward(x, { h, c })
      : new Recurrent<RNNCell | GRUCell>(cell).forward(x, h);
    return crossEntropy(decoder.forward(outputs), y);
  };
  const target = { cell, decoder, state: isLstm ? { h, c } : h };
  return threeWays({ target, loss, byHand: byHand(cell, decoder, window).gradients });
}
