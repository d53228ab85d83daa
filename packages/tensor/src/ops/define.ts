/**
 * How functions become primitives. `primitive` opens a scope where none is open, runs a function
 * that allocates the output and launches kernels, and passes the call to the recorders. Ops check
 * their arguments before. `methods.ts` makes methods of them.
 */
import { withScope } from '../memory/scope.ts';
import type { PrimitiveName, Primitives } from '../primitives.ts';
import { record } from '../recorder.ts';
import { runtime } from '../runtime.ts';
import type { Tensor } from '../tensor.ts';
import { toHost } from './host.ts';

/**
 * A primitive's inputs: how many there are, or 'list' where the first argument is a list of them.
 */
type InputCount<K extends PrimitiveName> = number extends Primitives[K]['inputs']['length']
  ? 'list'
  : Primitives[K]['inputs']['length'];

type Inputs<K extends PrimitiveName> =
  InputCount<K> extends 'list' ? [inputs: Primitives[K]['inputs']] : Primitives[K]['inputs'];

/**
 * Arguments: the inputs, the parameters that are recorded, and `Rest`, which is not. Null
 * parameters at the end are left out.
 */
type Arguments<K extends PrimitiveName, Rest extends readonly unknown[]> = [
  Primitives[K]['params'],
  Rest['length'],
] extends [null, 0]
  ? Inputs<K>
  : [...Inputs<K>, Primitives[K]['params'], ...Rest];

type Outputs<K extends PrimitiveName> = Primitives[K]['outputs'] extends readonly [Tensor]
  ? Tensor
  : Primitives[K]['outputs'];

/** A primitive as a function of at most four arguments. */
export type Primitive<K extends PrimitiveName, Rest extends readonly unknown[] = []> = (
  ...args: Arguments<K, Rest>
) => Outputs<K>;

type AnyInputs = Primitives[PrimitiveName]['inputs'];
type AnyParams = Primitives[PrimitiveName]['params'];

/** With named arguments a call makes no list of them. */
type Positional<R> = (a: unknown, b: unknown, c: unknown, d: unknown) => R;
type AnyRun = Positional<Tensor | readonly Tensor[]>;

/** The function of an op: `run` in a scope, then recorded. One call more than `run` itself. */
function define<R extends Tensor | readonly Tensor[]>(
  run: Positional<R>,
  name: PrimitiveName | null,
  inputs: number | 'list',
  allocates: boolean,
): Positional<R> {
  const op: Positional<R> = (a, b, c, d) => {
    if (allocates && runtime.scope === null) return inNewScope(op, a, b, c, d);
    const result = run(a, b, c, d);
    if (runtime.recording && name !== null) recordCall(name, inputs, a, b, c, d, result);
    return result;
  };
  return op;
}

/**
 * A primitive of `Primitives`.
 * @param inputs how many of the arguments are inputs, or 'list'.
 * @param run allocates the output (`output`), launches kernels, and returns the output, or all
 * outputs. Outside of all scopes it gets a new scope, and its results are host tensors.
 */
export function primitive<K extends PrimitiveName, Rest extends readonly unknown[] = []>(
  name: K,
  inputs: InputCount<K>,
  run: Primitive<K, Rest>,
): Primitive<K, Rest> {
  return define(run as unknown as AnyRun, name, inputs, true) as unknown as Primitive<K, Rest>;
}

/** A primitive that allocates nothing: a view. The same as `primitive`, but it needs no scope. */
export function viewPrimitive<K extends PrimitiveName, Rest extends readonly unknown[] = []>(
  name: K,
  inputs: InputCount<K>,
  run: Primitive<K, Rest>,
): Primitive<K, Rest> {
  return define(run as unknown as AnyRun, name, inputs, false) as unknown as Primitive<K, Rest>;
}

/** A function that allocates in the arena as a primitive does, and is not recorded itself. */
export function scoped<A extends readonly unknown[], R extends Tensor | readonly Tensor[]>(
  run: (...args: A) => R,
): (...args: A) => R {
  return define(run as unknown as Positional<R>, null, 0, true) as unknown as typeof run;
}

/** A separate function: if `op` captured its arguments, each call would allocate a context. */
function inNewScope<R extends Tensor | readonly Tensor[]>(
  op: Positional<R>,
  ...[a, b, c, d]: Parameters<Positional<R>>
): R {
  return withScope(() => op(a, b, c, d), allToHost, false);
}

function allToHost<R extends Tensor | readonly Tensor[]>(results: R): R {
  return (Array.isArray(results) ? results.map(toHost) : toHost(results as Tensor)) as R;
}

function recordCall(
  name: PrimitiveName,
  inputs: number | 'list',
  a: unknown,
  b: unknown,
  c: unknown,
  d: unknown,
  result: Tensor | readonly Tensor[],
): void {
  const tensors = inputs === 1 ? [a] : inputs === 2 ? [a, b] : inputs === 3 ? [a, b, c] : a;
  const params = inputs === 2 ? c : inputs === 3 ? d : b;
  const output = Array.isArray(result) ? (result[0] as Tensor) : (result as Tensor);
  const others = Array.isArray(result) ? result.slice(1) : null;
  record(name, tensors as AnyInputs, (params ?? null) as AnyParams, output, others);
}
