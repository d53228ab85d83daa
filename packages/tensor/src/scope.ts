/** Scopes, for users. */
import { requireFunction } from './errors.ts';
import { withScope } from './memory/scope.ts';
import { toHost } from './ops/host.ts';
import { runtime } from './runtime.ts';
import { mapTensors, once } from './tree.ts';

/**
 * Runs `body`, whose tensors are in the arena and are freed when it returns. The tensors of its
 * result, also in arrays and plain objects, are copied to the host. For loops that compute much
 * outside of `valueAndGrad`, such as sampling. Inside another scope or a differentiated function it
 * only runs `body`.
 * @throws ScopeError where `body` returns a promise.
 * @example const next = scope(() => model.step(x, h).state);
 */
export function scope<R>(body: () => R): R {
  requireFunction('scope', body, 'scope(() => …)');
  return withScope(body, resultOfScope, true);
}

const resultOfScope = <R>(result: R): R => copyOutFor('scope', result);

/**
 * The same tree with its tensors copied to the host. Other leaves and objects of classes are
 * unchanged. A tensor in several places stays one.
 */
export function copyOut<R>(result: R): R {
  return copyOutFor('copyOut', result);
}

/**
 * As `copyOut`, for tensors that must outlive a part of the open scope. Unchanged where all memory
 * of the scope stays.
 */
export function retain<R>(result: R): R {
  return runtime.scope?.permanent === true ? result : copyOutFor('retain', result);
}

/** As `copyOut`, for the result of `op`: errors name `op`. */
export function copyOutFor<R>(op: string, result: R): R {
  if (typeof result !== 'object') return result;
  return mapTensors(op, result, once(toHost)) as R;
}
