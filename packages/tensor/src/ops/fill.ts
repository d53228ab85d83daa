/** Constants of another tensor's shape and dtype. */
import { full } from '../create.ts';
import { type Dtype, requireInt32 } from '../dtype.ts';
import { kernelsFor } from '../kernels/active.ts';
import { currentScope } from '../memory/storage.ts';
import type { Shape } from '../shape.ts';
import type { Tensor } from '../tensor.ts';
import { address, output } from './launch.ts';

interface Like {
  readonly shape: Shape;
  readonly dtype: Dtype;
}

/** Zeros of the same shape and dtype. */
export const zerosLike = (x: Like): Tensor => fullLike(x, 0);

/** Ones of the same shape and dtype. */
export const onesLike = (x: Like): Tensor => fullLike(x, 1);

/** One value in the same shape and dtype. */
export function fullLike(x: Like, value: number): Tensor {
  if (currentScope === null) return full(x.shape, value, { dtype: x.dtype });
  if (x.dtype === 'int32') requireInt32('fullLike', value);
  const y = output('fullLike', x.dtype, x.shape);
  kernelsFor(x.dtype).fill(address(y), y.size, value);
  return y;
}
