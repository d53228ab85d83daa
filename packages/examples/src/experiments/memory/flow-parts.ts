/** Configurations of gradient flow: cells and initial weights. */
import type { CellName } from '../../char-rnn/cells.ts';
import type { FlowConfig } from './flow.ts';

export interface FlowSize extends Pick<FlowConfig, 'hidden' | 'reach' | 'iterations'> {
  readonly seeds: number;
  /** Cells besides those that are compared with all initial weights. */
  readonly cells: readonly CellName[];
}

/** The cells that textbooks compare. The result may depend on the initial weights. */
const COMPARED = [
  { cell: 'rnn', forgetBias: 0 },
  { cell: 'lstm', forgetBias: 0 },
  { cell: 'lstm', forgetBias: 1 },
] as const;
const INITS = ['pytorch', 'xavier-normal', 'orthogonal'] as const;

/** All cells with PyTorch's initial weights, and the compared ones with others too. */
export function flowParts({ hidden, reach, iterations, seeds, cells }: FlowSize): FlowConfig[] {
  const others = cells.map((cell) => ({ cell, forgetBias: 0, init: INITS[0] }));
  const compared = INITS.flatMap((init) => COMPARED.map((each) => ({ ...each, init })));
  return [...compared, ...others].flatMap(({ cell, forgetBias, init }) =>
    Array.from({ length: seeds }, (_, i) => ({
      cell,
      forgetBias,
      init,
      hidden,
      reach,
      stretches: 4,
      corpus: 'moby-dick' as const,
      characters: 500_000,
      holdOut: 0.1,
      steps: 25,
      batch: 8,
      optimizer: 'adagrad' as const,
      lr: 0.05,
      clip: { by: 'norm' as const, at: 1 },
      iterations,
      seed: i + 1,
    })),
  );
}
