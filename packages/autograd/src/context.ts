/**
 * Contexts of a function, such as other parameters in a module: a checkpoint that runs the function
 * again restores them.
 */
import { type ContextWrapper, requireFunction, runtime, withRuntime } from '@chronograd/tensor/engine';

export type { ContextWrapper };

/** Runs `body` inside `around`. Checkpoints in `body` call `around` again in the backward pass. */
export function withContext<R>(around: ContextWrapper, body: () => R): R {
  const example = 'withContext((body) => body(), () => …)';
  requireFunction('withContext', around, example);
  requireFunction('withContext', body, example);
  return withRuntime({ contexts: [...runtime.contexts, around] }, () => around(body));
}

/** What sets up the present contexts again, later. */
export function presentContext(): ContextWrapper {
  const { contexts } = runtime;
  return <R>(body: () => R) => {
    const inside = contexts.reduceRight<() => R>((inner, around) => () => around(inner), body);
    return withRuntime({ contexts }, inside);
  };
}
