/**
 * Random values inside of checkpoints: the second run of a function must use those of the first.
 */
import { ChronogradError } from '@chronograd/tensor';
import { type RandomLog, requireFunction, retain, runtime, withRuntime } from '@chronograd/tensor/engine';

/** Runs `body` with its random values appended to a log, or replayed from it. */
export function withRandomLog<R>(log: RandomLog, body: () => R): R {
  return withRuntime({ randomLogs: [...runtime.randomLogs, log] }, body);
}

/**
 * The result of `draw`. Inside `checkpoint`, the result of the first run is stored and returned
 * again when the function is recomputed. It is not recomputed itself, so keep it small. Put
 * everything random in a checkpointed function in here, as `Dropout` does.
 * @example const kept = replayRandom(() => bernoulli(x.shape, 0.8, { random }));
 */
export function replayRandom<R>(draw: () => R): R {
  requireFunction('replayRandom', draw, 'replayRandom(() => bernoulli(…))');
  const { randomLogs } = runtime;
  if (randomLogs.length === 0) return draw();
  const replayed = randomLogs.find(({ next }) => next !== null);
  const value = replayed === undefined ? retain(draw()) : (nextOf(replayed) as R);
  for (const log of randomLogs) if (log.next === null) log.values.push(value);
  return value;
}

function nextOf(log: RandomLog): unknown {
  const at = log.next ?? 0;
  if (at >= log.values.length) {
    throw new ChronogradError(
      `checkpoint: the function drew more than ${at} times when it ran again; it must do the same in both runs`,
    );
  }
  log.next = at + 1;
  return log.values[at];
}
