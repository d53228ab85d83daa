/** Scopes as users write them. */
import { requireFunction } from './errors.ts';
import { withScope } from './memory/scope.ts';
import { toHost } from './ops/host.ts';
import { runtime } from './runtime.ts';
import { mapTensors, once } from './tree.ts';

/**
 * Runs `body`; everything that it computes lives in the arena and is gone when it returns, except what it returns: tensors, also inside
 * arrays and plain objects, are copied out. For loops that compute much outside of `valueAndGrad`, such as sampling. Inside another
 * scope or a differentiated function it simply runs `body`.
 * @throws ScopeError where `body` returns a promise.
 * @example const next = scope(() => model.step(x, h).state);
 */
export function scope<R>(body: () => R): R {
  requireFunction('scope', body, 'scope(() => …)');
  return withScope(body, keepOfScope, true);
}

const keepOfScope = <R>(result: R): R => keepFor('scope', result);

/** The same tree with its tensors copied out; other leaves, and objects of classes, as they are. One tensor in several places stays one. */
export function keepTensors<R>(result: R): R {
  return keepFor('keepTensors', result);
}

/** As `keepTensors`, for tensors that must outlive a part of the open scope; themselves where all of the scope's memory stays. */
export function retain<R>(result: R): R {
  return runtime.scope?.permanent === true ? result : keepFor('retain', result);
}

/** As `keepTensors`, for what `op` returns: its errors name `op`. */
export function keepFor<R>(op: string, result: R): R {
  return mapTensors(op, result, once(toHost)) as R;
}
