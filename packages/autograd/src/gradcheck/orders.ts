/** The two questions: what a function's gradient is, and what the gradient of that gradient is. */
import { concat, Random, type Shape, type Tensor, tensor } from '@chronograd/tensor';
import { showShape, sizeOf } from '@chronograd/tensor/engine';
import { grad } from '../grad.ts';
import { indexAt } from '../text-table.ts';
import { Point } from './point.ts';
import { type Question, valueAt } from './question.ts';
import { randomVector } from './rows.ts';

/** The function itself. @param names what messages call the inputs. */
export function firstOrder(
  fn: (...inputs: readonly unknown[]) => unknown,
  inputs: readonly unknown[],
  names: readonly string[],
): Question {
  return {
    order: 1,
    point: new Point(inputs, names),
    fn: (args) => fn(...args),
    nameOutput: (position, shape) =>
      shape.length === 0 ? 'the result' : `result ${showShape(indexAt(position, shape))}`,
  };
}

/** How many random cotangents second order takes; one alone might hide what is wrong. */
const COTANGENTS = 2;

/** The gradients of ⟨result, cotangent⟩ as a function of the inputs and of the cotangents, laid out one after the other. */
export function secondOrder(
  first: Question,
  inputs: readonly unknown[],
  names: readonly string[],
  seed: number,
): Question {
  const { leaves } = first.point;
  const { shape } = valueAt(first, null);
  const cotangents = tensor(randomVector(COTANGENTS * sizeOf(shape), new Random(seed + 1)), {
    shape: [COTANGENTS, ...shape],
  });
  return {
    order: 2,
    point: new Point([...inputs, cotangents], [...names, 'cotangent']),
    fn: (all, handles) => {
      const args = all.slice(0, -1);
      const cotangent = all.at(-1) as Tensor;
      const wanted = handles.slice(0, -1);
      return concat(
        Array.from({ length: COTANGENTS }, (_, k) =>
          grad(wanted, () => (first.fn(args, wanted) as Tensor).mul(cotangent.select(k)).sum())(),
        )
          .flat()
          .map((gradient) => gradient.reshape([gradient.size])),
      );
    },
    nameOutput: (position) => nameGradient(position, leaves),
  };
}

/** Which gradient a position in the second order's result belongs to. */
function nameGradient(
  position: number,
  leaves: readonly { readonly name: string; readonly shape: Shape }[],
): string {
  const each = leaves.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  let rest = position % each;
  for (const { name, shape } of leaves) {
    if (rest < sizeOf(shape)) return `the gradient of ${name} ${showShape(indexAt(rest, shape))}`;
    rest -= sizeOf(shape);
  }
  return `position ${position}`;
}
