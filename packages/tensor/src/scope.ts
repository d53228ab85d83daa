/** Scopes as users write them. */
import { withScope } from './memory/scope.ts';
import { loose } from './ops/loose.ts';
import { Tensor } from './tensor.ts';

/**
 * Runs `body`; everything that it computes lives in the arena and is gone when it returns, except what it returns: tensors, also inside
 * arrays and plain objects, are copied out. For loops that compute much outside of `valueAndGrad`, such as sampling. Inside another
 * scope or a differentiated function it simply runs `body`.
 * @throws ScopeError where `body` returns a promise.
 * @example const next = scope(() => model.step(x, h).state);
 */
export function scope<R>(body: () => R): R {
  return withScope(body, keepTensors, true);
}

/** The same tree with its tensors copied out; other leaves, and objects of classes, as they are. One tensor in several places stays one. */
export function keepTensors<R>(result: R): R {
  return keep(result, new Map()) as R;
}

function keep(value: unknown, copies: Map<Tensor, Tensor>): unknown {
  if (value instanceof Tensor) {
    const copy = copies.get(value) ?? loose(value);
    copies.set(value, copy);
    return copy;
  }
  if (Array.isArray(value)) return value.map((each) => keep(each, copies));
  if (typeof value === 'object' && value !== null && isPlain(value)) {
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, keep(each, copies)]));
  }
  return value;
}

function isPlain(value: object): boolean {
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}
