/** The time loop, written once: one cell over consecutive steps, in either direction. */
import { anomaly, atTimeStep } from '@chronograd/autograd';
import type { Tensor } from '@chronograd/tensor';
import { ProjectedCell } from '../cell.ts';
import { probing } from '../probing.ts';
import type { Padding } from './padding.ts';
import type { AnyCell } from './types.ts';

/** What a cell reads at each step: what its projection made of the inputs, or the inputs themselves. */
export function sequenceOf(cell: AnyCell, inputs: Tensor, padding: Padding | null): Tensor {
  const filled = padding === null ? inputs : padding.fill(inputs);
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
}

/** Runs a stretch from `state` on. @returns the outputs in order of time, and the state after the step that ran last. */
export function unroll(
  cell: AnyCell,
  { sequence, start, padding, reverse }: Stretch,
  state: unknown,
): { readonly outputs: Tensor[]; readonly state: unknown } {
  const steps = sequence.shape[0]!;
  const projects = cell instanceof ProjectedCell;
  const outputs = new Array<Tensor>(steps);
  const { step: outer } = anomaly;
  let now = state;
  try {
    for (let i = 0; i < steps; i++) {
      const t = reverse ? steps - 1 - i : i;
      atTimeStep(start + t);
      const x = sequence.select(t);
      let step = projects ? cell.advance(x, now) : cell.step(x, now);
      if (padding !== null) {
        step = padding.settle(start + t, step, now);
        if (probing !== null) step = probing.settled(cell, step);
      }
      outputs[t] = step.output;
      now = step.state;
    }
  } finally {
    // A cell may hold a loop of its own: then the outer one goes on at its step.
    atTimeStep(outer);
  }
  return { outputs, state: now };
}
