/** The time loop in segments that are computed again in the backward pass. */
import { CheckpointSeries } from '@chronograd/autograd';
import { concat, stack, type Tensor } from '@chronograd/tensor';
import { runtime } from '@chronograd/tensor/engine';
import { type Stretch, unroll } from './loop.ts';
import type { AnyCell, Unrolled } from './types.ts';

/**
 * Runs a stretch from `state` on, `length` steps at a time. What the steps compute on the way is not kept: memory is that of one segment,
 * of the states between them, and of the sequence and the outputs. The same bits as without.
 */
export function unrollInSegments(
  cell: AnyCell,
  stretch: Stretch,
  state: unknown,
  length: number,
): Unrolled<unknown> {
  const { sequence, start, reverse } = stretch;
  const steps = sequence.shape[0]!;
  const series = new CheckpointSeries();
  const pieces: Tensor[] = [];
  let now = state;
  /**
   * A segment's last output goes out with the next segment. There its gradient meets that of the next step first, if it is a state as well;
   * just as in one long loop.
   */
  let waiting: Tensor[] = [];
  for (let done = 0; done < steps; done += length) {
    const count = Math.min(length, steps - done);
    const from = reverse ? steps - done - count : done;
    const part = { ...stretch, sequence: sequence.slice([from, from + count]), start: start + from };
    const [before, late] = [now, waiting];
    const run = series.run(() => {
      const { outputs, state: after } = unroll(cell, part, before);
      if (reverse) outputs.reverse();
      const last = outputs.pop()!;
      const ready = [...late, ...outputs];
      if (reverse) ready.reverse();
      return { ready: ready.length === 0 ? [] : [stack(ready)], last, after };
    });
    pieces.push(...run.ready);
    waiting = [run.last];
    now = run.after;
  }
  pieces.push(stack(waiting));
  return { outputs: concat(reverse ? pieces.reverse() : pieces), state: now };
}

/** How many steps a segment has; null where the loop is to run as a whole. @param checkpoint as in the options. */
export function segmentLength(checkpoint: boolean | number, steps: number): number | null {
  if (checkpoint === false || !runtime.differentiating) return null;
  return checkpoint === true ? Math.ceil(Math.sqrt(steps)) : checkpoint;
}
