/** A function at a point, asked for values and for gradients. */
import { DtypeError, type Shape, Tensor, tensor, ValueError } from '@chronograd/tensor';
import { refusePromise, sameShape, showShape } from '@chronograd/tensor/engine';
import { grad } from '../grad.ts';
import type { Move, Point } from './point.ts';

/** What is checked: a function of the arguments, or of its gradients (second order). */
export interface Question {
  readonly order: 1 | 2;
  readonly point: Point;
  /** @param handles the tensor that stands for each leaf of the point. */
  readonly fn: (args: readonly unknown[], handles: readonly Tensor[]) => unknown;
  /** How messages name the element of the result at a position. */
  readonly nameOutput: (position: number, shape: Shape) => string;
}

/** A result as flat numbers. */
export interface Answer {
  readonly shape: Shape;
  readonly values: Float64Array;
}

/** The result, with one leaf moved or none. */
export function valueAt(question: Question, move: Move | null): Answer {
  return question.point.at(move, (args, handles) => {
    const result = requireResult(question.fn(args, handles));
    return { shape: result.shape, values: result.toTypedArray() as Float64Array };
  });
}

/**
 * The result at the point, asked for twice.
 * @throws ValueError where the answers differ, or are not finite.
 */
export function valueTwice(question: Question): Answer {
  const answer = valueAt(question, null);
  const again = valueAt(question, null);
  const at = sameShape(answer.shape, again.shape)
    ? answer.values.findIndex((value, i) => !Object.is(value, again.values[i]))
    : 0;
  if (at >= 0) {
    throw new ValueError(
      `gradcheck: the function gave two answers to one question, ${answer.values[at]} and ${again.values[at]} (shapes ${showShape(answer.shape)} and ${showShape(again.shape)}), the same bits were expected; seed random numbers inside of it (new Random(0) in each call), build modules outside of it, and keep no state from call to call`,
    );
  }
  const bad = answer.values.find((value) => !Number.isFinite(value));
  if (bad !== undefined) {
    throw new ValueError(
      `gradcheck: the function gave ${bad}, finite numbers were expected; check at another point, and see detectAnomaly for the op that made it`,
    );
  }
  return answer;
}

/** The gradient of ⟨result, weights⟩ by autograd, for each leaf of the point. */
export function gradientsAt(question: Question, { shape }: Answer, weights: Float64Array): Float64Array[] {
  return question.point.at(null, (args, handles) => {
    const gradients = grad(handles, () =>
      requireResult(question.fn(args, handles)).mul(tensor(weights, { shape })).sum(),
    )();
    return gradients.map((each) => each.toTypedArray() as Float64Array);
  });
}

function requireResult(result: unknown): Tensor {
  refusePromise(result);
  if (!(result instanceof Tensor)) {
    throw new ValueError(
      `gradcheck: the function returned ${result === null ? 'null' : typeof result}, a tensor was expected; of several results pick one, or add up their sums`,
    );
  }
  if (result.dtype === 'float64') return result;
  throw new DtypeError(
    `gradcheck: the function returned ${result.dtype}, float64 was expected; remove the cast inside, and make constants with { dtype: 'float64' }`,
  );
}
