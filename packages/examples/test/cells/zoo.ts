/**
 * The cells of `src/cells` by their names in `train --cell`. The tests of nn cover the library's.
 */
import { CELLS, type CellName, type MakeCell } from '../../src/char-rnn/cells.ts';

const SHIPPED: readonly string[] = ['rnn', 'lstm', 'gru'];

export type ZooName = Exclude<CellName, 'rnn' | 'lstm' | 'gru'>;

export const zoo: readonly (readonly [name: ZooName, make: MakeCell])[] = Object.entries(CELLS).flatMap(
  ([name, make]) => (SHIPPED.includes(name) ? [] : [[name as ZooName, make] as const]),
);
