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
export function replacedIn(holder: object, above: readonly object[] = []): string[] {
  if (taken === 0 || above.includes(holder)) return [];
  const inArrays = Object.entries(holder).flatMap(([key, value]) =>
    Array.isArray(value) ? replacedIn(value, [...above, holder]).map((path) => join(key, path)) : [],
  );
  return [...(displaced.get(holder)?.keys() ?? []), ...inArrays];
}

/** Where a module has been seen to hold parameters: keys from the module on, by path. */
const seen = new WeakMap<object, Map<string, readonly string[]>>();

/** Notes where a module holds parameters, in arrays too, so that a plain tensor there is told from a constant later. */
export function noteParameters(module: object): void {
  note(module, [module], []);
}

/** @param holders what holds what, from the module to what is looked at. @param above the keys that lead there. */
function note(module: object, holders: readonly object[], above: readonly string[]): void {
  const holder = holders.at(-1) as Readonly<Record<string, unknown>>;
  for (const name of Object.keys(holder)) {
    const value = holder[name];
    if (Array.isArray(value) && value.some(mayHold) && !holders.includes(value))
      note(module, [...holders, value], [...above, name]);
    if (!(value instanceof Parameter)) continue;
    const places = seen.get(module) ?? new Map<string, readonly string[]>();
    const path = above.reduceRight((rest, key) => join(key, rest), name);
    if (!places.has(path)) seen.set(module, places.set(path, [...above, name]));
  }
}

const mayHold = (value: unknown): boolean => value instanceof Parameter || Array.isArray(value);

/** @throws ValueError where a plain tensor has taken the place of a parameter, which no gradient would be taken of then. */
export function refuseReplaced(module: object): void {
  const kind = nameOf(module);
  const [replaced] = replacedIn(module);
  if (replaced !== undefined) {
    throw new ValueError(
      `${kind}: expected its own parameters, but a functionalCall has put another tensor in the place of ${replaced}; take gradients of the tensors that it was given: grad(tensors, …)`,
    );
  }
  for (const [name, keys] of seen.get(module) ?? []) {
    const now = leafAt(module, keys);
    if (!(now instanceof Tensor) || now instanceof Parameter) continue;
    throw new ValueError(
      `${kind}: expected a Parameter in the field ${name}, which held one, got a plain tensor, which is not trained; write ${name}.assign(tensor), or put new Parameter(tensor) there`,
    );
  }
}

/** What a tree holds at a place, whose keys lead there from its root. */
export function leafAt(tree: unknown, keys: readonly string[]): unknown {
  let node = tree;
  for (const key of keys) node = (node as Readonly<Record<string, unknown>> | null | undefined)?.[key];
  return node;
}
