/** Elements by index along one axis. */
import { arange } from '../constants.ts';
import { inNameOf, ShapeError, showShape } from '../errors.ts';
import { broadcastShapes, contiguousStrides, normalizeAxis, sizeOf, withSize } from '../shape.ts';
import { requireTensor, shapeOf, type Tensor } from '../tensor.ts';
import { add, mul } from './binary.ts';
import { checkIndices, gatherRows } from './rows.ts';
import { expand, reshapeTo } from './views.ts';

/**
 * Elements by index along an axis: for axis 1, `y[i, j] = x[i, indices[i, j]]`. NumPy's
 * `take_along_axis`, PyTorch's `gather`. Equal indices add up their gradients.
 * @param indices int32 of x's rank, each from 0 to the axis' size − 1. Other axes broadcast.
 * @returns the indices' shape, broadcast with x's other axes.
 * @throws ShapeError for an index out of range, and for shapes that do not broadcast.
 */
export function takeAlong(x: Tensor, indices: Tensor, axis: number): Tensor {
  const op = 'takeAlong';
  const own = shapeOf(requireTensor(op, x));
  const at = normalizeAxis(op, axis, own.length);
  checkIndices(op, indices, own[at]!);
  const which = shapeOf(indices);
  if (which.length !== own.length) {
    throw new ShapeError(
      `${op}: expected indices of ${own.length} axes for ${showShape(own)}, got ${showShape(which)}`,
    );
  }
  return inNameOf(op, () => {
    const shape = broadcastShapes(op, withSize(own, at, which[at]!), which);
    const source = withSize(shape, at, own[at]!);
    const flat = reshapeTo(expand(x, source), [sizeOf(source)]);
    return gatherRows(flat, positions(expand(indices, shape), source, at));
  });
}

/** Positions in row-major order of elements by index along an axis. */
function positions(indices: Tensor, source: readonly number[], axis: number): Tensor {
  const strides = contiguousStrides(source);
  return source.reduce(
    (sum, size, other) => {
      if (other === axis || size <= 1) return sum;
      const shape = source.map((_, each) => (each === other ? size : 1));
      const steps = mul(arange(size, { dtype: 'int32' }), strides[other]!);
      return add(sum, reshapeTo(steps, shape));
    },
    mul(indices, strides[axis]!),
  );
}
