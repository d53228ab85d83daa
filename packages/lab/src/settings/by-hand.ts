/** Settings of the panel "By hand". */

/** A cell with a prepared backward, or any other. */
export type ByHandCell = 'rnn' | 'lstm' | 'gru' | 'own';

export interface ByHandSettings {
  /** The cell that the text belongs to. */
  readonly cell: ByHandCell;
  /** The text of `backward`. Empty: the prepared one. */
  readonly code: string;
  /** T, the columns of the grid. */
  readonly steps: number;
  readonly seed: number;
}

export const byHandDefaults: ByHandSettings = { cell: 'own', code: '', steps: 6, seed: 1 };
