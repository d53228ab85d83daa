/** What holds around a function as it runs, such as other parameters in a module, and must hold again where a checkpoint runs it again. */

import { requireFunction } from '@chronograd/tensor/engine';

/** Brings something about, runs `body`, and takes it back, whatever happens. It may be called again later. */
export type Surrounding = <R>(body: () => R) => R;

/** What holds at this moment, outermost first. */
let holding: readonly Surrounding[] = [];

/** Runs `body` with one thing more around it; checkpoints in it bring that about again in the backward pass. */
export function surrounded<R>(around: Surrounding, body: () => R): R {
  requireFunction('surrounded', around, 'surrounded((body) => body(), () => …)');
  requireFunction('surrounded', body, 'surrounded((body) => body(), () => …)');
  return keeping([...holding, around], () => around(body));
}

/** What brings about again, later, all that holds at this moment. */
export function surroundings(): Surrounding {
  const all = holding;
  return <R>(body: () => R) => {
    const within = all.reduceRight<() => R>((inner, around) => () => around(inner), body);
    return keeping(all, within);
  };
}

function keeping<R>(all: readonly Surrounding[], body: () => R): R {
  const before = holding;
  holding = all;
  try {
    return body();
  } finally {
    holding = before;
  }
}
