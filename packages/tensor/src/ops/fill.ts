/** Constants of another tensor's shape and dtype. */
import { constant } from '../constants.ts';
import { checkDtype, type Dtype, requireInt32 } from '../dtype.ts';
import { describeValue, requireNumber, ValueError } from '../errors.ts';
import { kernelsFor } from '../kernels/active.ts';
import { runtime } from '../runtime.ts';
import { checkShape, requireList, type Shape } from '../shape.ts';
import { shapeOf, Tensor } from '../tensor.ts';
import { address, output } from './launch.ts';

interface Like {
  readonly shape: Shape;
  readonly dtype: Dtype;
}

/** Zeros of the same shape and dtype. */
export const zerosLike = (x: Like): Tensor => constantLike('zerosLike', x, 0);

/** Ones of the same shape and dtype. */
export const onesLike = (x: Like): Tensor => constantLike('onesLike', x, 1);

/** One value in the same shape and dtype. */
export const fullLike = (x: Like, value: number): Tensor => constantLike('fullLike', x, value);

function constantLike(op: string, x: Like, value: number): Tensor {
  if (typeof x !== 'object' || x === null) {
    throw new ValueError(
      `${op}: expected a tensor, or { shape, dtype }, got ${describeValue(x)}; make one with tensor(…)`,
    );
  }
  const dtype = checkDtype(op, x.dtype);
  const shape = x instanceof Tensor ? shapeOf(x) : requireList(op, 'shape', x.shape);
  // Outside of scopes the constant is made on the host, where it needs no copy.
  if (runtime.scope === null) return constant(op, shape, value, { dtype });
  requireNumber(op, 'the value', value);
  if (dtype === 'int32') requireInt32(op, value);
  checkShape(op, shape);
  const y = output(op, dtype, shape);
  kernelsFor(dtype).fill(address(y), y._size, value);
  return y;
}
