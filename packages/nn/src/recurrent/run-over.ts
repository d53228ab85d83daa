/** One cell over a whole sequence. */
import { stopGradient } from '@chronograd/autograd';
import { stack, Tensor } from '@chronograd/tensor';
import { withRuntime } from '@chronograd/tensor/engine';
import { SequenceDraws } from '../internal/sequence.ts';
import { project, readable } from './indices.ts';
import { unroll } from './loop.ts';
import type { Padding } from './padding.ts';
import { unrollInSegments } from './segments.ts';
import { mapState } from './state-leaves.ts';
import type { AnyCell, Unrolled } from './types.ts';

/**
 * Runs a cell over inputs [T, B, …].
 * @param length of checkpointed segments; null for none. @param classes of index inputs, or null.
 */
export function runOver(
  cell: AnyCell,
  inputs: Tensor,
  state: unknown,
  padding: Padding | null,
  reverse: boolean,
  length: number | null,
  classes: number | null,
): Unrolled<unknown> {
  const filled = padding === null ? inputs : padding.fill(inputs, reverse);
  const read = readable(cell, filled, classes, state);
  const draws = new SequenceDraws();
  const sequence = withRuntime({ sequence: draws }, () => project(cell, read, classes, state));
  draws.projecting = false;
  const begin =
    padding === null ? null : mapState(state, (leaf) => (leaf instanceof Tensor ? stopGradient(leaf) : leaf));
  const stretch = { sequence, start: 0, padding, reverse, begin, draws };
  if (length !== null) return unrollInSegments(cell, stretch, state, length);
  const run = unroll(cell, stretch, state);
  return { outputs: stack(run.outputs), state: run.state };
}
