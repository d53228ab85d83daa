/** The time loop in segments that the backward pass recomputes. */
import { CheckpointSeries } from '@chronograd/autograd';
import { concat, stack, type Tensor } from '@chronograd/tensor';
import { runtime } from '@chronograd/tensor/engine';
import { type Stretch, unroll } from './loop.ts';
import type { AnyCell, Unrolled } from './types.ts';

/**
 * Runs a stretch from `state`, `length` steps at a time. Activations of the steps are not stored.
 * Memory holds one segment, the states between segments, the sequence and the outputs. The results
 * have the same bits as without segments.
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
   * A segment's last output is returned by the next segment. If it is also the state, its gradient
   * is then added to that of the next step first, in the order of one long loop.
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

/** The number of steps of a segment; null for a single loop. @param checkpoint the option. */
export function segmentLength(checkpoint: boolean | number, steps: number): number | null {
  // A checkpoint around the loop must do the same in its first run, which is not differentiated.
  const stores = runtime.differentiating || runtime.checkpointDepth > 0;
  if (checkpoint === false || !stores) return null;
  return checkpoint === true ? Math.ceil(Math.sqrt(steps)) : checkpoint;
}
