/** Checks of the shapes and dtypes that losses take. */
import { DtypeError, ShapeError, type Tensor } from '@chronograd/tensor';
import { requireTensor, sameShape, showShape } from '@chronograd/tensor/engine';

/** @throws DtypeError or ShapeError unless both are tensors of one dtype and shape. */
export function requireEqualShapes(
  op: string,
  [what, x]: readonly [name: string, x: Tensor],
  [other, target]: readonly [name: string, x: Tensor],
): void {
  requireTensor(`${op}: ${what}`, x);
  requireTensor(`${op}: ${other}`, target);
  requireDtypeOf(op, [what, x], [other, target]);
  if (sameShape(x.shape, target.shape)) return;
  throw new ShapeError(
    `${op}: expected ${what} and ${other} of equal shapes, got ${showShape(x.shape)} and ${showShape(target.shape)}`,
  );
}

/** @throws DtypeError unless both have one dtype. */
export function requireDtypeOf(
  op: string,
  [what, x]: readonly [name: string, x: Tensor],
  [other, target]: readonly [name: string, x: Tensor],
): void {
  if (x.dtype === target.dtype) return;
  throw new DtypeError(
    `${op}: expected ${what} and ${other} of one dtype, got ${x.dtype} and ${target.dtype}; cast one: x.cast('${x.dtype}')`,
  );
}

/**
 * @param whose whose shape it is, for the message: `the logits'`.
 * @throws DtypeError or ShapeError unless `x` is a tensor that broadcasts to the shape of `to`.
 */
export function requireBroadcast(
  op: string,
  [what, x]: readonly [name: string, x: Tensor],
  [whose, to]: readonly [whose: string, x: Tensor],
): void {
  const { dtype, rank, shape } = requireTensor(`${op}: ${what}`, x);
  if (dtype !== to.dtype)
    throw new DtypeError(`${op}: expected a ${what} of ${to.dtype}, got ${dtype}; cast it first`);
  const last = to.shape.slice(to.rank - rank);
  if (rank <= to.rank && shape.every((size, axis) => size === 1 || size === last[axis])) return;
  throw new ShapeError(
    `${op}: expected a ${what} that broadcasts to ${whose} shape ${showShape(to.shape)}, got ${showShape(shape)}`,
  );
}
