/** A tree of gradients beside the parameters that it is for. */
import { leavesOf } from '@chronograd/autograd';
import { Parameter, ShapeError, Tensor, ValueError } from '@chronograd/tensor';
import { sameShape, shapeOf } from '@chronograd/tensor/engine';
import { belongingTo, leafAt } from '../internal/places.ts';
import { shapeMismatch } from '../internal/shape-check.ts';

/** A parameter that waits for its gradient. */
export interface ExpectedGradient {
  /** `recurrent.cell.weightHh`, and the same as keys from the tree's root on. */
  readonly name: string;
  readonly keys: readonly string[];
  readonly parameter: Parameter;
}

/**
 * The gradients of `wanted`, in order.
 * @param known whether the optimizer has a parameter of a name.
 * @throws ValueError where the model has one that the optimizer does not know. @throws ShapeError where one is missing, or of another shape or dtype, and where there is one of no parameter: all names at once.
 */
export function gradientsFor(
  op: string,
  model: object,
  wanted: readonly ExpectedGradient[],
  grads: object,
  known: (name: string) => boolean,
): readonly Tensor[] {
  const found = wanted.map(({ keys }) => nodeAt(grads, keys));
  // As it nearly always is: every parameter has its gradient, and there are no more. No names are put together then.
  if (found.every((each, i) => fits(each, wanted[i]!.parameter)) && countTensors(grads) === wanted.length)
    return found as Tensor[];
  if (isResult(grads)) {
    throw new ValueError(
      'update: expected the gradients, got all that valueAndGrad(model, …) returned; pass its grads: update(result.grads)',
    );
  }
  const gradients = new Map(leavesOf('update', grads).map(({ path, leaf }) => [path, leaf]));
  const wrong = shapeMismatch(
    wanted.map(({ name, parameter }) => [name, parameter] as const),
    gradients,
    known,
  );
  if (wrong === null) return wanted.map(({ name }) => gradients.get(name)!);
  const added = [...gradients.keys()].filter(
    (name) => !known(name) && nodeAt(model, name.split('.')) instanceof Parameter,
  );
  if (added.length > 0) {
    throw new ValueError(
      `update: expected the parameters that this ${op} was made for, but the model also has ${added.join(', ')} now; make a new ${op} after adding a part`,
    );
  }
  throw new ShapeError(
    `update: gradients do not fit the model: ${wrong}; pass the grads that valueAndGrad(model, …) returned`,
  );
}

/** Whether this is `{ value, grads, aux }`. */
const isResult = (grads: unknown): boolean =>
  typeof grads === 'object' && grads !== null && 'value' in grads && 'grads' in grads && 'aux' in grads;

/**
 * Checks that the model still holds the parameters of an optimizer.
 * @throws ValueError for one that another has replaced, whose gradients would be applied to what is no longer used.
 */
export function requireCurrent(op: string, model: object, wanted: readonly ExpectedGradient[]): void {
  for (const { name, keys, parameter } of wanted) {
    if (nodeAt(model, keys) === parameter || isDisplaced(model, keys, parameter)) continue;
    throw new ValueError(
      `update: expected the parameters that this ${op} was made for, but ${name} of the model is another one now; make a new ${op} after replacing a part, or give its values to the old one: ${name}.assign(…)`,
    );
  }
}

/** Whether a `functionalCall` has put something in a parameter's place, for a while. */
function isDisplaced(model: object, keys: readonly string[], parameter: Parameter): boolean {
  const holder = nodeAt(model, keys.slice(0, -1));
  return (
    typeof holder === 'object' && holder !== null && belongingTo(holder, keys.at(-1)!, null) === parameter
  );
}

function fits(x: unknown, parameter: Parameter): boolean {
  return x instanceof Tensor && x.dtype === parameter.dtype && sameShape(shapeOf(x), shapeOf(parameter));
}
