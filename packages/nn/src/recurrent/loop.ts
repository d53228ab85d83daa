/** The time loop, written once: one cell over consecutive steps, in either direction. */
import { anomaly, atTimeStep } from '@chronograd/autograd';
import { Tensor, ValueError } from '@chronograd/tensor';
import { describeValue, nameOf } from '@chronograd/tensor/engine';
import { ProjectedCell, type Step } from '../cells/cell.ts';
import { beginRun, endRun, probing } from '../internal/probing.ts';
import type { Padding } from './padding.ts';
import { requireState } from './state-leaves.ts';
import type { AnyCell } from './types.ts';

/** What a cell reads at each step: what its projection made of the inputs, or the inputs themselves. */
export function sequenceOf(cell: AnyCell, inputs: Tensor, padding: Padding | null, reverse: boolean): Tensor {
  const filled = padding === null ? inputs : padding.fill(inputs, reverse);
  return cell instanceof ProjectedCell ? cell.project(filled) : filled;
}

/** A stretch of time. */
export interface Stretch {
  /** What the cell reads: shape [n, B, …]. */
  readonly sequence: Tensor;
  /** Which step of the whole its first one is. */
  readonly start: number;
  readonly padding: Padding | null;
  /** Whether it is run from its last step to its first. */
  readonly reverse: boolean;
  /** The state before the first step of the whole, as a constant: what a padded step meets. */
  readonly begin: unknown;
}

/** Runs a stretch from `state` on. @returns the outputs in order of time, and the state after the step that ran last. */
export function unroll(
  cell: AnyCell,
  { sequence, start, padding, reverse, begin }: Stretch,
  state: unknown,
): { readonly outputs: Tensor[]; readonly state: unknown } {
  const steps = sequence.shape[0]!;
  const projects = cell instanceof ProjectedCell;
  const outputs = new Array<Tensor>(steps);
  const { step: outer } = anomaly;
  const around = probing === null ? null : beginRun();
  let now = state;
  try {
    for (let i = 0; i < steps; i++) {
      const t = reverse ? steps - 1 - i : i;
      atTimeStep(start + t);
      const x = sequence.select(t);
      const met = padding === null ? now : padding.meet(start + t, now, begin);
      let step = requireStep(cell, projects ? cell.advance(x, met) : cell.step(x, met));
      if (i === 0) requireState(cell, step.state);
      if (padding !== null) {
        step = padding.settle(start + t, step, now);
        if (probing !== null) step = probing.settled(cell, step, (y) => padding.blank(start + t, y));
      }
      outputs[t] = step.output;
      now = step.state;
    }
  } finally {
    // A cell may hold a loop of its own: then the outer one goes on at its step.
    atTimeStep(outer);
    if (probing !== null) endRun(around);
  }
  return { outputs, state: now };
}

/** @throws ValueError for anything but `{ output, state }`. */
function requireStep(cell: AnyCell, step: Step<unknown>): Step<unknown> {
  if (step?.output instanceof Tensor && 'state' in step) return step;
  const came =
    typeof step !== 'object' || step === null || step instanceof Tensor
      ? describeValue(step)
      : `{ ${Object.keys(step).join(', ')} } with ${describeValue(step.output)} for output`;
  const method = cell instanceof ProjectedCell ? 'advance' : 'step';
  throw new ValueError(
    `Recurrent: ${nameOf(cell)}.${method} returned ${came}, { output, state } with a tensor for output was expected; return { output, state }`,
  );
}
