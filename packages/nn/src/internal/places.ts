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
let replaced = 0;

/** The parameter of a place, even if it is replaced. */
export function belongingTo(holder: object, key: string, there: unknown): unknown {
  return displaced.get(holder)?.get(key) ?? there;
}

/** Puts a tensor in a place, or restores its parameter. */
export function put({ holder, key, parameter }: Place, x: Tensor): void {
  holder[key] = x;
  const keys = displaced.get(holder) ?? new Map<string, Parameter>();
  replaced -= keys.size;
  if (x === parameter) keys.delete(key);
  else displaced.set(holder, keys.set(key, parameter));
  replaced += keys.size;
}

/** The fields of a module with replaced parameters; in arrays `cells.0`. */
export function replacedIn(holder: object, above: readonly object[] = []): string[] {
  if (replaced === 0 || above.includes(holder)) return [];
  const inArrays = Object.entries(holder).flatMap(([key, value]) =>
    Array.isArray(value) ? replacedIn(value, [...above, holder]).map((path) => join(key, path)) : [],
  );
  return [...(displaced.get(holder)?.keys() ?? []), ...inArrays];
}

/** The places where a module had parameters: keys from the module on, by path. */
const seen = new WeakMap<object, Map<string, readonly string[]>>();

/** Records where a module has parameters, to distinguish a plain tensor there from a constant. */
export function noteParameters(module: object): void {
  const paths = seen.get(module) ?? new Set<string>();
  const arrays = arrayOf(isParameter);
  const open = (node: unknown): Branch | null => (node === module ? (module as Branch) : arrays(node));
  for (const { path, leaf } of leaves('parameterTree', module, { open }))
    if (leaf instanceof Parameter) paths.add(path);
  if (paths.size > 0) seen.set(module, paths);
}

/** @param holders from the module to the current object. @param above the keys between them. */
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

/** @throws ValueError if a plain tensor has replaced a parameter, which would get no gradient. */
export function refuseReplaced(module: object): void {
  const kind = nameOf(module);
  const [first] = replacedIn(module);
  if (first !== undefined) {
    throw new ValueError(
      `${kind}: expected its own parameters, but a functionalCall has replaced ${first}; take gradients of the call's tensors: grad(tensors, …)`,
    );
  }
  for (const name of seen.get(module) ?? []) {
    const now = nodeAt(module, name.split('.'));
    if (!(now instanceof Tensor) || now instanceof Parameter) continue;
    throw new ValueError(
      `${kind}: expected a Parameter in the field ${name}, as before, got a plain tensor, which is not trained; use ${name}.assign(tensor), or assign new Parameter(tensor)`,
    );
  }
}

/** The value of a tree at the keys, from its root on. */
export function leafAt(tree: unknown, keys: readonly string[]): unknown {
  let node = tree;
  for (const key of keys) node = (node as Readonly<Record<string, unknown>> | null | undefined)?.[key];
  return node;
}
