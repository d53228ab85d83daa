/** The places of parameters in modules, and what is there in place of them: put by `functionalCall` for a while, or by an assignment. */
import { Parameter, Tensor, ValueError } from '@chronograd/tensor';
import { type Branch, holds, joinPath, leaves, nameOf, nodeAt } from '@chronograd/tensor/engine';

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
export function replacedIn(module: object): string[] {
  if (taken === 0) return [];
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

/** The paths at which a module has been seen to hold parameters, in arrays too. */
const seen = new WeakMap<object, Set<string>>();

/** Notes where a module holds parameters: a plain tensor there was one, and is told from a constant. */
export function noteParameters(module: object): void {
  const paths = seen.get(module) ?? new Set<string>();
  const arrays = arrayOf(isParameter);
  const open = (node: unknown): Branch | null => (node === module ? (module as Branch) : arrays(node));
  for (const { path, leaf } of leaves('parameterTree', module, { open }))
    if (leaf instanceof Parameter) paths.add(path);
  if (paths.size > 0) seen.set(module, paths);
}

/** Enters arrays in which some element passes a test. */
const arrayOf =
  (test: (each: unknown) => boolean) =>
  (node: unknown): Branch | null =>
    Array.isArray(node) && holds(node, test) ? node : null;
const isTensor = (value: unknown): boolean => value instanceof Tensor;
const isParameter = (value: unknown): boolean => value instanceof Parameter;

/** @throws ValueError where a plain tensor has taken the place of a parameter, which no gradient would be taken of then. */
export function refuseReplaced(module: object): void {
  const kind = nameOf(module);
  const [replaced] = replacedIn(module);
  if (replaced !== undefined) {
    throw new ValueError(
      `${kind}: expected its own parameters, but a functionalCall has put another tensor in the place of ${replaced}; take gradients of the tensors that it was given: grad(tensors, …)`,
    );
  }
  for (const name of seen.get(module) ?? []) {
    const now = nodeAt(module, name.split('.'));
    if (!(now instanceof Tensor) || now instanceof Parameter) continue;
    throw new ValueError(
      `${kind}: expected a Parameter in the field ${name}, which held one, got a plain tensor, which is not trained; write ${name}.assign(tensor), or put new Parameter(tensor) there`,
    );
  }
}
