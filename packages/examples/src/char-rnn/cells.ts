/**
 * The recurrent cells by name: those of the library, and the zoo in `../cells`. A new cell is a
 * file there and a line here.
 */
import { type AnyCell, GRUCell, type LayerOptions, LSTMCell, RNNCell } from '@chronograd/nn';
import { AntisymmetricRNNCell } from '../cells/antisymmetric-rnn.ts';
import { CoupledLSTMCell } from '../cells/coupled-lstm.ts';
import { FastGRNNCell } from '../cells/fast-grnn.ts';
import { IndRNNCell } from '../cells/ind-rnn.ts';
import { LayerNormLSTMCell } from '../cells/layer-norm-lstm.ts';
import { MGUCell } from '../cells/mgu.ts';
import { MinGRUCell } from '../cells/min-gru.ts';
import { PeepholeLSTMCell } from '../cells/peephole-lstm.ts';

/** Makes a cell with F input features and H hidden units. */
export type MakeCell = (inputSize: number, hiddenSize: number, options: LayerOptions) => AnyCell;

const cell =
  (Cell: new (inputSize: number, hiddenSize: number, options: LayerOptions) => AnyCell): MakeCell =>
  (inputSize, hiddenSize, options) =>
    new Cell(inputSize, hiddenSize, options);

/**
 * Cells have as many biases as make a difference. Two biases that are only added are redundant; the
 * second bias of a GRU is inside its reset gate.
 */
const MAKERS = {
  rnn: (inputs, units, options) => new RNNCell(inputs, units, { ...options, biases: 1 }),
  lstm: (inputs, units, options) => new LSTMCell(inputs, units, { ...options, biases: 1 }),
  gru: cell(GRUCell),
  'peephole-lstm': cell(PeepholeLSTMCell),
  'layer-norm-lstm': cell(LayerNormLSTMCell),
  'coupled-lstm': cell(CoupledLSTMCell),
  'min-gru': cell(MinGRUCell),
  mgu: cell(MGUCell),
  'ind-rnn': cell(IndRNNCell),
  'fast-grnn': cell(FastGRNNCell),
  'antisymmetric-rnn': cell(AntisymmetricRNNCell),
} satisfies Readonly<Record<string, MakeCell>>;

export type CellName = keyof typeof MAKERS;

export const CELLS: Readonly<Record<CellName, MakeCell>> = MAKERS;

/** In the order of a list. */
export const CELL_NAMES = Object.keys(CELLS) as readonly CellName[];
