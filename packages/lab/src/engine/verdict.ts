/** The verdict on a cell: its laws, one after another. */
import { cellLaws, gradientProblem, type LawOutcome, lawOutcomes } from '@chronograd/nn/testing';
import type { VerdictSettings } from '../settings/verdict.ts';
import type { Job } from './job.ts';

/** First the laws that apply, then the outcome of each. */
export type VerdictEvent =
  | { readonly cell: string; readonly laws: readonly { readonly id: string; readonly name: string }[] }
  | { readonly outcome: LawOutcome };

const SIZES = { steps: 2, batch: 2, inputSize: 2, seed: 1 };

export const verdict: Job<VerdictSettings, VerdictEvent> = function* ([program], { runs }) {
  const { makeCell, backward, options, name } = program!;
  // Errors of the program itself are thrown here, with their line.
  gradientProblem(makeCell, { ...SIZES, hiddenSize: options.hiddenMultiple ?? 2 }, options).loss();
  const all = { runs, ...(backward === null ? {} : { backward }), ...options };
  yield { cell: name, laws: cellLaws(makeCell, all).map(({ id, name }) => ({ id, name })) };
  for (const outcome of lawOutcomes(makeCell, all)) yield { outcome };
};
