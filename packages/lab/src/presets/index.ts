/** The prepared cells: texts of TypeScript files. */
import gru from './cells/gru.ts?raw';
import lstm from './cells/lstm.ts?raw';
import rnn from './cells/rnn.ts?raw';

export interface Preset {
  readonly id: string;
  readonly title: string;
  readonly group: 'cells' | 'zoo' | 'wrong';
  /** One line for the menu. */
  readonly about: string;
  readonly code: string;
}

export const presets: readonly Preset[] = [
  { id: 'gru', title: 'GRU', group: 'cells', about: 'Gated recurrent unit', code: gru },
  { id: 'lstm', title: 'LSTM', group: 'cells', about: 'Long short-term memory', code: lstm },
  { id: 'rnn', title: 'RNN', group: 'cells', about: 'The simple recurrent cell', code: rnn },
];

/** @throws Error if there is no such preset */
export function presetOf(id: string): Preset {
  const found = presets.find((each) => each.id === id);
  if (found === undefined) throw new Error(`no preset ${id}`);
  return found;
}
