/** Matches a tree of gradients with an optimizer's parameters. */
import { leavesOf } from '@chronograd/autograd';
import { Parameter, ShapeError, Tensor, ValueError } from '@chronograd/tensor';
import { countTensors, nodeAt, sameShape, shapeOf } from '@chronograd/tensor/engine';
import { belongingTo } from '../internal/places.ts';
import { shapeMismatch } from '../internal/shape-check.ts';

/** A parameter with the place of its gradient in the tree. */
export interface ExpectedGradient {
  /** `recurrent.cell.weightHh`, and the same as keys from the tree's root. */
  readonly name: string;
  readonly keys: readonly string[];
  readonly parameter: Parameter;
}

/**
 * The gradients of parameters, in order.
 * @param known whether the optimizer has a parameter of a name.
 * @throws ShapeError naming all gradients that are missing, of another shape or dtype, or of no
 * parameter. ValueError for gradients of parameters that were added to the model.
 */
export function gradientsFor(
  op: string,
  model: object,
  expected: readonly ExpectedGradient[],
  grads: object,
  known: (name: string) => boolean,
): readonly Tensor[] {
  const found = expected.map(({ keys }) => nodeAt(grads, keys));
  // The usual case: exactly one gradient for each parameter. It needs no names.
  if (found.every((each, i) => fits(each, expected[i]!.parameter)) && countTensors(grads) === expected.length)
    return found as Tensor[];
  if (isResult(grads)) {
    throw new ValueError(
      'update: expected the gradients, got all that valueAndGrad(model, …) returned; pass its grads: update(result.grads)',
    );
  }
  const gradients = new Map(leavesOf('update', grads).map(({ path, leaf }) => [path, leaf]));
  const wrong = shapeMismatch(
    expected.map(({ name, parameter }) => [name, parameter] as const),
    gradients,
    known,
  );
  if (wrong === null) return expected.map(({ name }) => gradients.get(name)!);
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
 * Checks that the model still has the parameters of an optimizer.
 * @throws ValueError for a replaced parameter. Its gradients would update the one no longer in use.
 */
export function requireCurrent(op: string, model: object, expected: readonly ExpectedGradient[]): void {
  for (const { name, keys, parameter } of expected) {
    if (nodeAt(model, keys) === parameter || isDisplaced(model, keys, parameter)) continue;
    throw new ValueError(
      `update: expected the parameters that this ${op} was made for, but ${name} of the model is another one now; make a new ${op} after replacing a part, or assign its values to the old one: ${name}.assign(…)`,
    );
  }
}

/** Whether a `functionalCall` has replaced a parameter. */
function isDisplaced(model: object, keys: readonly string[], parameter: Parameter): boolean {
  const holder = nodeAt(model, keys.slice(0, -1));
  return (
    typeof holder === 'object' && holder !== null && belongingTo(holder, keys.at(-1)!, null) === parameter
  );
}

function fits(x: unknown, parameter: Parameter): boolean {
  return x instanceof Tensor && x.dtype === parameter.dtype && sameShape(shapeOf(x), shapeOf(parameter));
}
