/** The verdict on a cell: its laws, one after another. */

import { Cell } from '@chronograd/nn';
import { cellLaws, gradientProblem, type LawOutcome, lawOutcomes } from '@chronograd/nn/testing';
import { Random, zeros } from '@chronograd/tensor';
import type { VerdictSettings } from '../settings/verdict.ts';
import type { Job } from './job.ts';
import type { Program } from './program.ts';
import { ProgramError } from './program-error.ts';

/** First the laws that apply, then the outcome of each. */
export type VerdictEvent =
  | { readonly cell: string; readonly laws: readonly { readonly id: string; readonly name: string }[] }
  | { readonly outcome: LawOutcome };

const SIZES = { steps: 2, batch: 2, inputSize: 3, seed: 1 };

export const verdict: Job<VerdictSettings, VerdictEvent> = function* ([program], { runs }) {
  const { makeCell, backward, options, name } = program!;
  requireStep(program!);
  // Errors of the program itself are thrown here, with their line.
  gradientProblem(makeCell, { ...SIZES, hiddenSize: options.hiddenMultiple ?? 2 }, options).loss();
  const all = { runs, ...(backward === null ? {} : { backward }), ...options };
  yield { cell: name, laws: cellLaws(makeCell, all).map(({ id, name }) => ({ id, name })) };
  for (const outcome of lawOutcomes(makeCell, all)) yield { outcome };
};

/** @throws ProgramError unless a step returns an output and a state */
function requireStep({ makeCell, options, code }: Program): void {
  if (options.inputs !== undefined) return;
  const { inputSize, batch } = SIZES;
  const hiddenSize = options.hiddenMultiple ?? 2;
  const cell = makeCell({ inputSize, hiddenSize, dtype: 'float64', random: new Random(1) });
  if (!(cell instanceof Cell)) return;
  const found: unknown = cell.step(zeros([batch, inputSize], { dtype: 'float64' }), cell.initialState(batch));
  const { output, state } = (found ?? {}) as { output?: unknown; state?: unknown };
  if (output !== undefined && state !== undefined) return;
  const got = found === undefined || found === null ? String(found) : `{ ${Object.keys(found).join(', ')} }`;
  const line = code.split('\n').findIndex((text) => /^\s*(override\s+)?step\s*\(/.test(text)) + 1;
  const place = line === 0 ? null : { line, column: 1 };
  throw new ProgramError(`step: expected { output, state } to be returned, got ${got}`, place);
}
