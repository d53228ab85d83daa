/** Calls a module with other parameters. */
import { mapTree, withContext } from '@chronograd/autograd';
import { Parameter, ShapeError, Tensor, ValueError } from '@chronograd/tensor';
import {
  type Branch,
  type ContextWrapper,
  describeValue,
  holds,
  leaves,
  refusePromise,
  tensorLeaves,
  withRuntime,
} from '@chronograd/tensor/engine';
import { belongingTo, type Place, put } from './internal/places.ts';
import { requireModule } from './internal/require.ts';
import { shapeMismatch } from './internal/shape-check.ts';
import { Module } from './module.ts';

/**
 * Runs `body` with tensors in place of parameters of `model`, then restores the parameters, also
 * after an error. Gradients flow to the tensors: for functions of all parameters (Hessians,
 * meta-learning) and for per-example gradients. PyTorch's `torch.func.functional_call`.
 * @param parameters a tree or a flat object with the model's names: `{ decoder: { weight } }` or
 * `{ 'decoder.weight': weight }`. Other parameters are unchanged. A tied parameter is replaced
 * everywhere. To use the parameters of another model, pass that model.
 * @param body a synchronous function that uses the model.
 * @throws ShapeError naming all tensors of another shape or dtype and all names of no parameter.
 * ScopeError for a promise.
 * @example
 * const lossOf = (weights: object) =>
 *   functionalCall(model, weights, () => crossEntropy(model.forward(x), y));
 * const adapted = grad(lossOf)(weights);
 */
export function functionalCall<R>(model: Module, parameters: object, body: () => R): R {
  requireModule('functionalCall', model);
  if (typeof body !== 'function')
    throw new ValueError(
      `functionalCall: expected a function that uses the model for the body, got ${describeValue(body)}; for example () => model.forward(x)`,
    );
  model.namedModules(); // Throws unless the model is a tree.
  const places = placesOf(model);
  const parameterAt = new Map(places.map(({ path, parameter }) => [path, parameter]));
  const given = tensorsOf(parameters);
  requireFit(parameterAt, given);
  const inPlaceOf = new Map<Parameter, Tensor>();
  for (const [path, x] of given) {
    const parameter = parameterAt.get(path)!;
    if ((inPlaceOf.get(parameter) ?? x) !== x) {
      throw new ValueError(
        `functionalCall: expected one tensor for tied parameters, got another one for ${path}; pass the same tensor for both`,
      );
    }
    inPlaceOf.set(parameter, x);
  }
  const replaced = places.filter(({ parameter }) => inPlaceOf.has(parameter));
  // A checkpoint in the body runs again in the backward pass, after the parameters are restored.
  const around: ContextWrapper = (inner) => {
    const before = replaced.map(({ holder, key }) => holder[key] as Tensor);
    try {
      for (const place of replaced) put(place, inPlaceOf.get(place.parameter)!);
      return inner();
    } finally {
      replaced.forEach((place, i) => void put(place, before[i]!));
    }
  };
  return withRuntime({ replays: false }, () => withContext(around, () => refusePromise(body())));
}

/** All places of all parameters. A tied parameter has several. */
function placesOf(model: Module): Place[] {
  const open = (node: unknown): Branch | null => {
    if (!(node instanceof Module) && !(Array.isArray(node) && holds(node, isPart))) return null;
    const slots = Object.entries(node).map(([key, value]): [string, unknown] => {
      const parameter = belongingTo(node, key, value);
      return [key, parameter instanceof Parameter ? new Slot(node, key, parameter) : value];
    });
    return Object.fromEntries(slots);
  };
  return leaves('functionalCall', model, { open }).flatMap(({ path, leaf }) =>
    leaf instanceof Slot ? [{ path, ...leaf }] : [],
  );
}

const isPart = (value: unknown): boolean => value instanceof Tensor || value instanceof Module;

/** The place of a parameter in a module or an array. */
class Slot {
  readonly holder: Record<string, unknown>;
  readonly key: string;
  readonly parameter: Parameter;
  constructor(holder: object, key: string, parameter: Parameter) {
    this.holder = holder as Record<string, unknown>;
    this.key = key;
    this.parameter = parameter;
  }
}

/** The tensors of a tree by their paths. A tensor in several places has several. */
function tensorsOf(tree: object): Map<string, Tensor> {
  const plain = mapTree('functionalCall', tree, (leaf) => leaf);
  return new Map(tensorLeaves('functionalCall', plain).map(({ path, leaf }) => [path, leaf]));
}

function requireFit(parameters: ReadonlyMap<string, Parameter>, given: ReadonlyMap<string, Tensor>): void {
  const expected = [...parameters].filter(([path]) => given.has(path));
  const wrong = shapeMismatch(expected, given, (path) => parameters.has(path));
  if (wrong === null) return;
  throw new ShapeError(
    `functionalCall: the tensors do not fit the model: ${wrong}; its parameters are ${[...parameters.keys()].join(', ') || 'none'}`,
  );
}
