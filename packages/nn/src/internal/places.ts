/** The places of parameters in modules, and the tensors that replace them there. */
import { Parameter, Tensor, ValueError } from '@chronograd/tensor';
import { type Branch, holds, joinPath, leaves, nameOf, nodeAt } from '@chronograd/tensor/engine';

/** The place of a parameter: a field of a module, or an index of an array. */
export interface Place {
  readonly path: string;
  readonly holder: Record<string, unknown>;
  readonly key: string;
  readonly parameter: Parameter;
}

/** The replaced parameters by holder and key, so that calls nest. */
const displaced = new WeakMap<object, Map<string, Parameter>>();
/** The number of replaced parameters. */
let replacedCount = 0;

/** The parameter of a place, even if it is replaced. */
export function belongingTo(holder: object, key: string, there: unknown): unknown {
  return displaced.get(holder)?.get(key) ?? there;
}

/** Puts a tensor in a place, or restores its parameter. */
export function put({ holder, key, parameter }: Place, x: Tensor): void {
  holder[key] = x;
  const keys = displaced.get(holder) ?? new Map<string, Parameter>();
  replacedCount -= keys.size;
  if (x === parameter) keys.delete(key);
  else displaced.set(holder, keys.set(key, parameter));
  replacedCount += keys.size;
}

/** The fields of a module with replaced parameters; in arrays `cells.0`. */
export function replacedIn(module: object): string[] {
  if (replacedCount === 0) return [];
  const replaced: string[] = [];
  const open = (node: unknown, path: string): Branch | null => {
    const branch = node === module ? (module as Branch) : arrayOf(isTensor)(node);
    if (branch === null) return null;
    for (const key of displaced.get(branch)?.keys() ?? []) replaced.push(joinPath(path, key));
    return branch;
  };
  leaves('functionalCall', module, { open });
  return replaced;
}

/** The keys that led to a module's parameters, by path. */
const seen = new WeakMap<object, Map<string, readonly string[]>>();

/** Records where a module has parameters, to distinguish a plain tensor there from a constant. */
export function noteParameters(module: object): void {
  const places = seen.get(module) ?? new Map<string, readonly string[]>();
  const open = arrayOf(isParameter);
  // Runs in each gradient computation. Only arrays need a walk.
  for (const name of Object.keys(module)) {
    const field = (module as Readonly<Record<string, unknown>>)[name];
    if (field instanceof Parameter) {
      if (!places.has(name)) places.set(name, [name]);
    } else if (Array.isArray(field)) {
      for (const { path, leaf } of leaves('parameterTree', field, { open })) {
        if (leaf instanceof Parameter) places.set(joinPath(name, path), [name, ...path.split('.')]);
      }
    }
  }
  if (places.size > 0) seen.set(module, places);
}

/** Enters arrays in which some element passes a test. */
const arrayOf =
  (test: (each: unknown) => boolean) =>
  (node: unknown): Branch | null =>
    Array.isArray(node) && holds(node, test) ? node : null;
const isTensor = (value: unknown): boolean => value instanceof Tensor;
const isParameter = (value: unknown): boolean => value instanceof Parameter;

/** @throws ValueError if a plain tensor has replaced a parameter, which would get no gradient. */
export function refuseReplaced(module: object): void {
  const kind = nameOf(module);
  const [replaced] = replacedIn(module);
  if (replaced !== undefined) {
    throw new ValueError(
      `${kind}: expected its own parameters, but a functionalCall has replaced ${replaced}; take gradients of the call's tensors: grad(tensors, …)`,
    );
  }
  for (const [name, keys] of seen.get(module) ?? []) {
    const now = nodeAt(module, keys);
    if (!(now instanceof Tensor) || now instanceof Parameter) continue;
    throw new ValueError(
      `${kind}: expected a Parameter in the field ${name}, as before, got a plain tensor, which is not trained; use ${name}.assign(tensor), or assign new Parameter(tensor)`,
    );
  }
}
