/**
 * Scopes: extents of arena memory, owned by functions. `scope(() => …)` and differentiated
 * functions open them.
 */
import { ScopeError } from '../errors.ts';
import { runtime } from '../runtime.ts';
import { arena, Scope } from './arena.ts';

/**
 * Runs `body` in the current scope, or in a new one. A new scope is closed when `body` has
 * returned.
 * @param keep copies the result out of a new scope while it is open.
 * @param restart whether a new scope restarts the arena (a function's scope) or continues (a single
 * op outside of scopes).
 */
export function withScope<R>(body: () => R, keep: (result: R) => R, restart: boolean): R {
  if (runtime.scope !== null) return refusePromise(body());
  if (restart) arena.restart();
  else arena.restartIfFull();
  const scope = new Scope();
  // Not withRuntime: ops outside of all scopes open one each.
  runtime.scope = scope;
  try {
    return keep(refusePromise(body()));
  } finally {
    scope.open = false;
    runtime.scope = null;
  }
}

const CLOSED =
  'a promise was returned from a scope or a differentiated function, whose memory is gone when it returns; make the function synchronous, and await before or after it';

/**
 * Rejects promises: code after an `await` would run when the scope has closed.
 * @param message of the error, for functions without a scope.
 * @returns every other result unchanged. @throws ScopeError for a promise.
 */
export function refusePromise<R>(result: R, message: string = CLOSED): R {
  const then = (result as { then?: unknown } | null | undefined)?.then;
  if (typeof then === 'function') {
    // The promise will fail too, when it uses the closed scope. That error would hide the one
    // below.
    then.call(
      result,
      () => {},
      () => {},
    );
    throw new ScopeError(message);
  }
  return result;
}
