/** The runs of gradient flow, grouped by cell and initial weights. */

import { count } from '../../common/format.ts';
import { groupBy } from '../../common/groups.ts';
import type { DonePart } from '../common/experiment.ts';
import type { FlowConfig, FlowOutcome } from './flow.ts';
import { cellName, initName } from './names.ts';

/** The distance at which cells are compared. */
const DISTANCE = 50;

export type When = 'before' | 'after';
export const WHENS: readonly When[] = ['before', 'after'];

type Run = DonePart<FlowConfig, FlowOutcome>;

/** The runs of one cell with one kind of initial weights. */
export interface Group {
  readonly cell: string;
  readonly name: string;
  readonly forgetBias: number;
  readonly init: string;
  readonly runs: readonly Run[];
  /** Share of the gradient that is left at the distance, by run. */
  readonly left: Readonly<Record<When, readonly number[]>>;
}

export interface Summary {
  readonly distance: number;
  /** `5 seeds`. */
  readonly seeds: string;
  readonly iterations: number;
  /** Every cell with the initial weights that all cells have. */
  readonly cells: readonly Group[];
  /** RNN and LSTMs with each of the initial weights. */
  readonly compared: readonly {
    readonly init: string;
    readonly rnn: Group;
    readonly lstms: readonly Group[];
  }[];
}

export function summaryOf(parts: readonly Run[]): Summary {
  const { reach, iterations } = parts[0]!.config;
  const distance = Math.min(DISTANCE, reach - 1);
  const groups = groupBy(parts, ({ config: { cell, forgetBias, init } }) =>
    JSON.stringify([init, cell, forgetBias]),
  ).map(([, runs]): Group => {
    const { cell, forgetBias, init } = runs[0]!.config;
    const at = (when: When): number[] => runs.map(({ outcome }) => outcome[when].shares[distance]!);
    return {
      cell,
      name: cellName(cell, forgetBias),
      forgetBias,
      init: initName(init),
      runs,
      left: { before: at('before'), after: at('after') },
    };
  });
  const byInit = groupBy(groups, ({ init }) => init);
  const compared = byInit.map(([init, all]) => ({
    init,
    rnn: all.find(({ cell }) => cell === 'rnn')!,
    lstms: all.filter(({ cell }) => cell === 'lstm'),
  }));
  return {
    distance,
    iterations,
    cells: byInit[0]![1],
    compared,
    seeds: count(groups[0]!.runs.length, 'seed'),
  };
}

/** Share left in an LSTM relative to an RNN, by seed. */
export function factorsOf(lstm: Group, rnn: Group, when: When): number[] {
  return lstm.left[when].map((share, i) => share / rnn.left[when][i]!);
}
