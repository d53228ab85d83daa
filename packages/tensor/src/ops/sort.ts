/** Orders along an axis: argsort, sort, topk. */
import { describeValue, ShapeError, showShape, showValue, ValueError } from '../errors.ts';
import { kernelsFor } from '../kernels/active.ts';
import { normalizeAxis, sizeOf } from '../shape.ts';
import { requireTensor, shapeOf, type Tensor } from '../tensor.ts';
import { primitive } from './define.ts';
import { address, output } from './launch.ts';
import { slice } from './slice.ts';
import { takeAlong } from './take.ts';
import { contiguous } from './views.ts';

/** Sorted values, and the positions along the axis where they were, as int32. */
export interface Sorted {
  readonly values: Tensor;
  readonly indices: Tensor;
}

const order = primitive('argsort', 1, (x, { axis, descending }) => {
  const shape = shapeOf(x);
  const source = contiguous(x);
  const y = output('argsort', 'int32', shape);
  const [outer, inner] = [sizeOf(shape.slice(0, axis)), sizeOf(shape.slice(axis + 1))];
  const { argsort } = kernelsFor(x._storage.dtype);
  if (y._size > 0) argsort(address(source), address(y), outer, shape[axis]!, inner, descending ? 1 : 0);
  return y;
});

function ordered(op: string, x: Tensor, axis: number, descending: boolean): Tensor {
  const at = normalizeAxis(op, axis, shapeOf(requireTensor(op, x)).length);
  if (typeof descending !== 'boolean') {
    throw new ValueError(`${op}: expected true or false for the direction, got ${describeValue(descending)}`);
  }
  return order(x, { axis: at, descending });
}

/**
 * Positions that would sort an axis, as int32; no gradient. Equal elements keep their order. NaN
 * counts as largest, as in PyTorch. Default: the last axis, ascending.
 */
export function argsort(x: Tensor, axis = -1, descending = false): Tensor {
  return ordered('argsort', x, axis, descending);
}

/**
 * Elements sorted along an axis, and their positions. The gradient goes to the elements' places.
 * Order as in `argsort`. Default: the last axis, ascending.
 */
export function sort(x: Tensor, axis = -1, descending = false): Sorted {
  const indices = ordered('sort', x, axis, descending);
  return { values: takeAlong(x, indices, axis), indices };
}

/**
 * The k largest elements along an axis, largest first, and their positions. Of equal ones the first
 * come first. NaN counts as largest, as in PyTorch. Default: the last axis.
 * @param largest false for the k smallest, smallest first. Default: true.
 * @throws ShapeError unless k is a whole number from 0 to the axis' size.
 */
export function topk(x: Tensor, k: number, axis = -1, largest = true): Sorted {
  const shape = shapeOf(requireTensor('topk', x));
  const at = normalizeAxis('topk', axis, shape.length);
  if (!Number.isInteger(k) || k < 0 || k > shape[at]!) {
    throw new ShapeError(
      `topk: expected k from 0 to ${shape[at]} for axis ${at} of ${showShape(shape)}, got ${showValue(k)}`,
    );
  }
  const all = ordered('topk', x, axis, largest);
  const indices = slice(all, ...shape.slice(0, at).map(() => null), [0, k]);
  return { values: takeAlong(x, indices, at), indices };
}
