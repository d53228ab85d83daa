/** The function that a gradient check examines, at one point: its values and its gradients. */
import { concat, DtypeError, Random, type Shape, Tensor, tensor, ValueError } from '@chronograd/tensor';
import { describeValue, refusePromise, sameShape, showShape, sizeOf } from '@chronograd/tensor/engine';
import { grad } from '../grad.ts';
import { indexAt } from '../locate.ts';
import { randomVector } from './output-projections.ts';
import { type Perturbation, Point } from './point.ts';

/** A function of its inputs (first order), or of its gradients (second order). */
export interface FunctionUnderTest {
  readonly order: 1 | 2;
  readonly point: Point;
  /** @param handles the tensor that replaces each leaf of the point. */
  readonly fn: (args: readonly unknown[], handles: readonly Tensor[]) => unknown;
  /** The name of a result's element at a position, for messages. */
  readonly nameOutput: (position: number, shape: Shape) => string;
}

/** A result as flat numbers. */
export interface FlatResult {
  readonly shape: Shape;
  readonly values: Float64Array;
}

/** The function itself. @param names the inputs' names in messages. */
export function firstOrder(
  fn: (...inputs: readonly unknown[]) => unknown,
  inputs: readonly unknown[],
  names: readonly string[],
): FunctionUnderTest {
  return {
    order: 1,
    point: new Point(inputs, names),
    fn: (args) => fn(...args),
    nameOutput: (position, shape) =>
      shape.length === 0 ? 'the result' : `result ${showShape(indexAt(position, shape))}`,
  };
}

/** The number of random cotangents in second order. One alone might hide an error. */
const COTANGENTS = 2;

/** The concatenated gradients of ⟨result, cotangent⟩, as a function of inputs and cotangents. */
export function secondOrder(
  first: FunctionUnderTest,
  inputs: readonly unknown[],
  names: readonly string[],
  seed: number,
): FunctionUnderTest {
  const { leaves } = first.point;
  const { shape } = valueAt(first, null);
  const cotangents = tensor(randomVector(COTANGENTS * sizeOf(shape), new Random(seed + 1)), {
    shape: [COTANGENTS, ...shape],
  });
  return {
    order: 2,
    point: new Point([...inputs, cotangents], [...names, 'cotangent']),
    fn: (all, handles) => {
      const [args, targets] = [all.slice(0, -1), handles.slice(0, -1)];
      const cotangent = all.at(-1) as Tensor;
      const gradients = Array.from({ length: COTANGENTS }, (_, k) =>
        grad(targets, () => (first.fn(args, targets) as Tensor).mul(cotangent.select(k)).sum())(),
      );
      return concat(gradients.flat().map((gradient) => gradient.reshape([gradient.size])));
    },
    nameOutput: (position) => {
      let rest = position % leaves.reduce((sum, leaf) => sum + sizeOf(leaf.shape), 0);
      for (const { name, shape } of leaves) {
        if (rest < sizeOf(shape)) return `the gradient of ${name} ${showShape(indexAt(rest, shape))}`;
        rest -= sizeOf(shape);
      }
      return `position ${position}`;
    },
  };
}

/** The result, with one leaf perturbed or none. */
export function valueAt({ point, fn }: FunctionUnderTest, perturbation: Perturbation | null): FlatResult {
  return point.at(perturbation, (args, handles) => {
    const result = requireResult(fn(args, handles));
    return { shape: result.shape, values: result.toTypedArray() as Float64Array };
  });
}

/**
 * The result at the point, computed twice.
 * @throws ValueError where the results differ, or are not finite.
 */
export function repeatedValue(fn: FunctionUnderTest): FlatResult {
  const [result, again] = [valueAt(fn, null), valueAt(fn, null)];
  const at = sameShape(result.shape, again.shape)
    ? result.values.findIndex((value, i) => !Object.is(value, again.values[i]))
    : 0;
  if (at >= 0) {
    throw new ValueError(
      `gradcheck: expected the same bits from two calls with the same inputs, got ${result.values[at]} and ${again.values[at]} (shapes ${showShape(result.shape)} and ${showShape(again.shape)}); seed random numbers inside of the function (new Random(0) in each call), build modules outside of it, and keep no state from call to call`,
    );
  }
  const bad = result.values.find((value) => !Number.isFinite(value));
  if (bad === undefined) return result;
  throw new ValueError(
    `gradcheck: expected finite numbers from the function, got ${bad}; check at another point, or call detectAnomaly(() => …), which names the op that made it`,
  );
}

/** The gradient of ⟨result, weights⟩ by autograd, for each leaf of the point. */
export function gradientsAt(
  { point, fn }: FunctionUnderTest,
  { shape }: FlatResult,
  weights: Float64Array,
): Float64Array[] {
  return point.at(null, (args, handles) => {
    const gradients = grad(handles, () =>
      requireResult(fn(args, handles)).mul(tensor(weights, { shape })).sum(),
    )();
    return gradients.map((each) => each.toTypedArray() as Float64Array);
  });
}

function requireResult(result: unknown): Tensor {
  refusePromise(result);
  if (!(result instanceof Tensor)) {
    throw new ValueError(
      `gradcheck: expected a tensor from the function, got ${describeValue(result)}; of several results return one, or the sum of their sums`,
    );
  }
  if (result.dtype === 'float64') return result;
  throw new DtypeError(
    `gradcheck: expected float64 from the function, got ${result.dtype}; remove the cast inside, and make constants with { dtype: 'float64' }`,
  );
}
