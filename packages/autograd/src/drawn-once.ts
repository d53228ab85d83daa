/** Random draws inside of checkpoints: what is computed again must meet the same numbers. */
import { ChronogradError } from '@chronograd/tensor';
import { requireFunction, retain } from '@chronograd/tensor/engine';

/** What was drawn in one run of a checkpointed function. */
export interface Draws {
  readonly kept: unknown[];
  /** Which one comes next, where it runs again; null in its first run. */
  next: number | null;
}

/** Those of the functions that run at this moment, outermost first. */
let running: readonly Draws[] = [];

/** Runs `body` with its draws kept, or given once more. */
export function withDraws<R>(draws: Draws, body: () => R): R {
  const before = running;
  running = [...before, draws];
  try {
    return body();
  } finally {
    running = before;
  }
}

/**
 * What `draw` makes of random numbers. Inside of `checkpoint`, the draw of the first run is kept (it is not recomputed, so keep it small), and
 * given again where the function runs again. Everything random in a checkpointed function belongs in here, as in `Dropout` it does.
 * @example const kept = drawnOnce(() => bernoulli(x.shape, 0.8, { random }));
 */
export function drawnOnce<R>(draw: () => R): R {
  requireFunction('drawnOnce', draw, 'drawnOnce(() => bernoulli(…))');
  if (running.length === 0) return draw();
  const again = running.find(({ next }) => next !== null);
  const drawn = again !== undefined ? (nextOf(again) as R) : retain(draw());
  for (const draws of running) if (draws.next === null) draws.kept.push(drawn);
  return drawn;
}

function nextOf(draws: Draws): unknown {
  const at = draws.next ?? 0;
  if (at >= draws.kept.length) {
    throw new ChronogradError(
      `checkpoint: the function drew more than ${at} times when it ran again; it must do the same in both runs`,
    );
  }
  draws.next = at + 1;
  return draws.kept[at];
}
