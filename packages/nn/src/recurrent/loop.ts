/** The time loop, written once: one cell over consecutive steps, in either direction. */
import { atTimeStep } from '@chronograd/autograd';
import { Tensor, ValueError } from '@chronograd/tensor';
import { describeValue, nameOf, runtime, shapeOf, withRuntime } from '@chronograd/tensor/engine';
import { ProjectedCell, type Step } from '../cells/cell.ts';
import { newTimeLoop, presentProbe } from '../internal/probing.ts';
import type { SequenceDraws } from '../internal/sequence.ts';
import type { Padding } from './padding.ts';
import { requireState } from './state-leaves.ts';
import type { AnyCell } from './types.ts';

/** Consecutive time steps. */
export interface Stretch {
  /** The cell's input: shape [n, B, …]. */
  readonly sequence: Tensor;
  /** The index of its first step in the whole sequence. */
  readonly start: number;
  readonly padding: Padding | null;
  /** Whether it runs from its last step to its first. */
  readonly reverse: boolean;
  /** The state before the first step of the whole sequence, as a constant, for padded steps. */
  readonly begin: unknown;
  /** What wrapped cells draw for all steps. */
  readonly draws: SequenceDraws;
}

/** Runs a stretch from `state`. @returns the outputs in order of time, and the last state. */
export function unroll(
  cell: AnyCell,
  { sequence, start, padding, reverse, begin, draws }: Stretch,
  state: unknown,
): { readonly outputs: Tensor[]; readonly state: unknown } {
  const steps = shapeOf(sequence)[0]!;
  const projects = cell instanceof ProjectedCell;
  const outputs = new Array<Tensor>(steps);
  const probe = presentProbe();
  // A cell may contain a loop. The outer loop then continues at its own step.
  const timeLoop = probe === null && runtime.locate === null ? runtime.timeLoop : newTimeLoop();
  const change = { timeStep: runtime.timeStep, timeLoop, sequence: draws };
  return withRuntime(change, () => {
    let now = state;
    for (let i = 0; i < steps; i++) {
      const t = reverse ? steps - 1 - i : i;
      atTimeStep(start + t);
      const x = sequence.select(t);
      const given = padding === null ? now : padding.inputState(start + t, now, begin);
      let step = requireStep(cell, projects ? cell.advance(x, given) : cell.step(x, given));
      if (i === 0) requireState(cell, step.state);
      if (padding !== null) {
        step = padding.select(start + t, step, now);
        if (probe !== null) step = probe.selected(cell, step, (y) => padding.zeroPadded(start + t, y));
      }
      outputs[t] = step.output;
      now = step.state;
    }
    return { outputs, state: now };
  });
}

/** @throws ValueError for anything but `{ output, state }`. */
function requireStep(cell: AnyCell, step: Step<unknown>): Step<unknown> {
  if (step?.output instanceof Tensor && 'state' in step) return step;
  const got =
    typeof step !== 'object' || step === null || step instanceof Tensor
      ? describeValue(step)
      : `{ ${Object.keys(step).join(', ')} } with ${describeValue(step.output)} for output`;
  const method = cell instanceof ProjectedCell ? 'advance' : 'step';
  throw new ValueError(
    `Recurrent: expected { output, state } with a tensor for output, ${nameOf(cell)}.${method} returned ${got}; return { output, state }`,
  );
}
