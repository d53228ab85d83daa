/** The places of parameters in modules, and what is there in place of them: put by `functionalCall` for a while, or by an assignment. */
import { Parameter, Tensor, ValueError } from '@chronograd/tensor';
import { nameOf } from '@chronograd/tensor/engine';
import { join } from './join.ts';

/** Where a parameter belongs: in a field of a module, or in an array. */
export interface Place {
  readonly path: string;
  readonly holder: Record<string, unknown>;
  readonly key: string;
  readonly parameter: Parameter;
}

/** Whose places others have taken, by holder and key: so that calls nest. */
const displaced = new WeakMap<object, Map<string, Parameter>>();
/** How many places have been taken. */
let taken = 0;

/** The parameter that belongs to a place, whatever is there now. */
export function belongingTo(holder: object, key: string, there: unknown): unknown {
  return displaced.get(holder)?.get(key) ?? there;
}

/** Puts a tensor in a place for a while, or its parameter back. */
export function put({ holder, key, parameter }: Place, x: Tensor): void {
  holder[key] = x;
  const keys = displaced.get(holder) ?? new Map<string, Parameter>();
  taken -= keys.size;
  if (x === parameter) keys.delete(key);
  else displaced.set(holder, keys.set(key, parameter));
  taken += keys.size;
}

/** The fields of a module in which a call has put other tensors, those in its arrays by their paths. */
export function replacedIn(holder: object): string[] {
  const inArrays = Object.entries(holder).flatMap(([key, value]) =>
    Array.isArray(value) ? replacedIn(value).map((path) => join(key, path)) : [],
  );
  return [...(displaced.get(holder)?.keys() ?? []), ...inArrays];
}

/** The fields in which a module has been seen to hold parameters. */
const seen = new WeakMap<object, Set<string>>();

/** Notes where a module holds parameters, so that a plain tensor there is told from a constant later. */
export function noteParameters(module: object): void {
  let fields = seen.get(module);
  for (const name of Object.keys(module)) {
    if (!((module as Readonly<Record<string, unknown>>)[name] instanceof Parameter)) continue;
    if (fields === undefined) {
      fields = new Set();
      seen.set(module, fields);
    }
    fields.add(name);
  }
}

/** @throws ValueError where a plain tensor has taken the place of a parameter, which no gradient would be taken of then. */
export function refuseReplaced(module: object): void {
  const kind = nameOf(module);
  const [replaced] = taken === 0 ? [] : replacedIn(module);
  if (replaced !== undefined) {
    throw new ValueError(
      `${kind}: expected its own parameters, but a functionalCall has put another tensor in the place of ${replaced}; take gradients of the tensors that it was given: grad(tensors, …)`,
    );
  }
  const fields = seen.get(module);
  if (fields === undefined) return;
  for (const name of fields) {
    const now = (module as Readonly<Record<string, unknown>>)[name];
    if (!(now instanceof Tensor) || now instanceof Parameter) continue;
    throw new ValueError(
      `${kind}: expected a Parameter in the field ${name}, which held one, got a plain tensor, which is not trained; write ${name}.assign(tensor), or put new Parameter(tensor) there`,
    );
  }
}
