/** Composed ops without gradient: whole numbers, and which numbers are finite. */
import { isFloat } from '../dtype.ts';
import { requireTensor, type Tensor } from '../tensor.ts';
import { add, equal, less, mul, sub } from './binary.ts';
import { alias } from './copy.ts';
import { abs, sign } from './elementwise.ts';
import { where } from './where.ts';

/**
 * The nearest whole number, of two equally near ones the even: 0.5 and −0.5 become 0 and −0. ±∞ and
 * NaN stay. The gradient is 0, as in PyTorch. int32 stays the same.
 */
export function round(x: Tensor): Tensor {
  const { dtype } = requireTensor('round', x)._storage;
  const at = alias(x);
  if (!isFloat(dtype)) return at;
  // Numbers from `dense` on are whole. Smaller ones lose their fraction in a sum with it.
  const dense = dtype === 'float32' ? 2 ** 23 : 2 ** 52;
  const size = abs(at);
  return where(less(size, dense), mul(sub(add(size, dense), dense), sign(at)), at);
}

/**
 * The largest whole number that is not above x. ±∞, NaN and −0 stay. The gradient is 0, as in
 * PyTorch. int32 stays the same.
 */
export function floor(x: Tensor): Tensor {
  requireTensor('floor', x);
  const nearest = round(x);
  return sub(nearest, less(alias(x), nearest));
}

/** 1 where x is neither infinite nor NaN, else 0, in its dtype; no gradient. */
function finite(x: Tensor): Tensor {
  const at = alias(requireTensor('isFinite', x));
  return equal(sub(at, at), 0);
}

export { finite as isFinite };
