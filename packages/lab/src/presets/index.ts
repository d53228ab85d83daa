/** The prepared cells: texts of TypeScript files, as `pnpm check FILE` reads them. */
import antisymmetricRnn from '../../../examples/src/cells/antisymmetric-rnn.ts?raw';
import coupledLstm from '../../../examples/src/cells/coupled-lstm.ts?raw';
import fastGrnn from '../../../examples/src/cells/fast-grnn.ts?raw';
import indRnn from '../../../examples/src/cells/ind-rnn.ts?raw';
import layerNormLstm from '../../../examples/src/cells/layer-norm-lstm.ts?raw';
import mgu from '../../../examples/src/cells/mgu.ts?raw';
import minGru from '../../../examples/src/cells/min-gru.ts?raw';
import peepholeLstm from '../../../examples/src/cells/peephole-lstm.ts?raw';
import leaky from '../../../examples/src/leaky-cell.ts?raw';
import own from '../../../examples/src/own-cell.ts?raw';
import gru from './cells/gru.ts?raw';
import lstm from './cells/lstm.ts?raw';
import rnn from './cells/rnn.ts?raw';
import { wrongCells } from './wrong.ts';

export interface Preset {
  readonly id: string;
  readonly title: string;
  readonly group: 'cells' | 'zoo' | 'wrong';
  /** One line for the menu. */
  readonly about: string;
  readonly code: string;
}

const cells: Omit<Preset, 'group'>[] = [
  { id: 'gru', title: 'GRU', about: 'Gated recurrent unit', code: gru },
  { id: 'lstm', title: 'LSTM', about: 'Long short-term memory', code: lstm },
  { id: 'rnn', title: 'RNN', about: 'The simple recurrent cell', code: rnn },
  { id: 'own', title: 'Update gate', about: 'The cell of the README', code: own },
  { id: 'leaky', title: 'Leaky units', about: 'A cell with its backward by hand', code: leaky },
];

const zoo: Omit<Preset, 'group'>[] = [
  { id: 'peephole-lstm', title: 'Peephole LSTM', about: 'Gates read the cell state', code: peepholeLstm },
  { id: 'layer-norm-lstm', title: 'Layer norm LSTM', about: 'Normalized gates', code: layerNormLstm },
  { id: 'coupled-lstm', title: 'Coupled LSTM', about: 'f = 1 − i', code: coupledLstm },
  { id: 'min-gru', title: 'minGRU', about: 'Gates read only the input', code: minGru },
  { id: 'mgu', title: 'MGU', about: 'A GRU with one gate', code: mgu },
  { id: 'ind-rnn', title: 'IndRNN', about: 'Units read only their own state', code: indRnn },
  { id: 'fast-grnn', title: 'FastGRNN', about: 'One matrix for gate and candidate', code: fastGrnn },
  {
    id: 'antisymmetric-rnn',
    title: 'Antisymmetric RNN',
    about: 'A stable differential equation',
    code: antisymmetricRnn,
  },
];

export const presets: readonly Preset[] = [
  ...cells.map((cell) => ({ ...cell, group: 'cells' as const })),
  ...zoo.map((cell) => ({ ...cell, group: 'zoo' as const })),
  ...wrongCells.map((cell) => ({ ...cell, group: 'wrong' as const })),
];

/** @throws Error if there is no such preset */
export function presetOf(id: string): Preset {
  const found = presets.find((each) => each.id === id);
  if (found === undefined) throw new Error(`no preset ${id}`);
  return found;
}
