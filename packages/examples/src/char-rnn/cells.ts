/** The recurrent cells, by name: those of the library, and the zoo in `../cells`. A new one is a file there, and a line in each list here. */
import { type AnyCell, GRUCell, type LayerOptions, LSTMCell, RNNCell } from '@chronograd/nn';
import { AntisymmetricRNNCell } from '../cells/antisymmetric-rnn.ts';
import { CoupledLSTMCell } from '../cells/coupled-lstm.ts';
import { FastGRNNCell } from '../cells/fast-grnn.ts';
import { IndRNNCell } from '../cells/ind-rnn.ts';
import { LayerNormLSTMCell } from '../cells/layer-norm-lstm.ts';
import { MGUCell } from '../cells/mgu.ts';
import { MinGRUCell } from '../cells/min-gru.ts';
import { PeepholeLSTMCell } from '../cells/peephole-lstm.ts';

export type CellName =
  | 'rnn'
  | 'lstm'
  | 'gru'
  | 'peephole-lstm'
  | 'layer-norm-lstm'
  | 'coupled-lstm'
  | 'min-gru'
  | 'mgu'
  | 'ind-rnn'
  | 'fast-grnn'
  | 'antisymmetric-rnn';

/** Makes a cell of so many input features and hidden units. */
export type MakeCell = (inputSize: number, hiddenSize: number, options: LayerOptions) => AnyCell;

/**
 * Each with as many biases as make a difference: a second one is redundant where both are only added, but stands inside the reset gate of a
 * GRU.
 */
export const CELLS: Readonly<Record<CellName, MakeCell>> = {
  rnn: (inputs, units, options) => new RNNCell(inputs, units, { ...options, biases: 1 }),
  lstm: (inputs, units, options) => new LSTMCell(inputs, units, { ...options, biases: 1 }),
  gru: (inputs, units, options) => new GRUCell(inputs, units, options),
  'peephole-lstm': (inputs, units, options) => new PeepholeLSTMCell(inputs, units, options),
  'layer-norm-lstm': (inputs, units, options) => new LayerNormLSTMCell(inputs, units, options),
  'coupled-lstm': (inputs, units, options) => new CoupledLSTMCell(inputs, units, options),
  'min-gru': (inputs, units, options) => new MinGRUCell(inputs, units, options),
  mgu: (inputs, units, options) => new MGUCell(inputs, units, options),
  'ind-rnn': (inputs, units, options) => new IndRNNCell(inputs, units, options),
  'fast-grnn': (inputs, units, options) => new FastGRNNCell(inputs, units, options),
  'antisymmetric-rnn': (inputs, units, options) => new AntisymmetricRNNCell(inputs, units, options),
};

/** Every name, in the order a list should show them. */
export const CELL_NAMES: readonly CellName[] = Object.keys(CELLS) as CellName[];
