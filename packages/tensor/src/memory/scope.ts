/** Scopes: extents of arena memory, owned by functions. Users meet them as `scope(() => …)` and inside differentiated functions. */
import { ScopeError } from '../errors.ts';
import { runtime } from '../runtime.ts';
import { arena, Scope } from './arena.ts';

/**
 * Runs `body` with an open scope. Inside another scope it simply runs there: a nested call lives in its caller's arena. Otherwise
 * `keep` copies out what the caller gets while the scope is still open, and everything else is gone when this returns.
 * @param restart whether the arena starts from the bottom (a function's scope), or goes on (one op outside of any scope).
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
 * Work after an `await` would run when the scope has long closed.
 * @param message of the error, for functions that have no scope.
 * @throws ScopeError for a promise; everything else is returned as it is.
 */
export function refusePromise<R>(result: R, message: string = CLOSED): R {
  const then = (result as { then?: unknown } | null | undefined)?.then;
  if (typeof then === 'function') {
    // The error below says what happened; the promise's own failure, once it touches what is gone, would only hide it.
    then.call(
      result,
      () => {},
      () => {},
    );
    throw new ScopeError(message);
  }
  return result;
}
