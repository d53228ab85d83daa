/** Matrix products, 2-D and batched. */
import { requireFloat } from '../dtype.ts';
import { inNameOf, ShapeError, showShape } from '../errors.ts';
import { floatKernelsFor } from '../kernels/active.ts';
import { addressOf } from '../memory/storage.ts';
import { broadcastShapes, broadcastStrides, contiguousStrides, sizeOf } from '../shape.ts';
import { layoutOf, shapeOf, stridesOf, type Tensor, view } from '../tensor.ts';
import { collapse, eachOffset } from './copy.ts';
import { primitive } from './define.ts';
import { address, commonFloat, output } from './launch.ts';
import { isRowMajor, packed } from './packed.ts';
import { contiguous, reshape } from './views.ts';

/**
 * The product over the last axis of `a` and the one before the last of `b`:
 * `[…, M, K] × […, K, N] → […, M, N]`. Leading axes broadcast. A vector `[K]` counts as a row on
 * the left and as a column on the right, and its axis is dropped. Transposed views cost no copy.
 * @throws ShapeError where the inner sizes differ.
 */
export function matmul(a: Tensor, b: Tensor): Tensor {
  commonFloat('matmul', a, b);
  const left = shapeOf(a);
  const right = shapeOf(b);
  if (left.length === 2 && right.length === 2) return product(a, b);
  if (left.length === 0 || right.length === 0)
    throw mismatch(a, b, 'a single number has no axis to multiply over; use mul');
  if (left.length === 1) return dropAxis(matmul(reshape(a, [1, a._size]), b), -2);
  if (right.length === 1) return dropAxis(matmul(a, reshape(b, [b._size, 1])), -1);
  if (right.length === 2 && left.at(-1) === right[0]) {
    // One product over all leading axes.
    const lead = left.slice(0, -1);
    return reshape(product(reshape(a, [sizeOf(lead), right[0]!]), b), [...lead, right[1]!]);
  }
  return product(a, b);
}

/**
 * A product of matrices with vectors: `[…, N, M] × […, M] → […, N]`, one for each index of the
 * leading axes, which broadcast. NumPy and JAX have it too. `matmul` would read `[B, M]` as one
 * matrix.
 * @throws ShapeError where the inner sizes differ.
 */
export function matvec(a: Tensor, x: Tensor): Tensor {
  commonFloat('matvec', a, x);
  const [left, right] = [shapeOf(a), shapeOf(x)];
  if (left.length < 2 || right.length < 1 || left.at(-1) !== right.at(-1)) {
    throw new ShapeError(
      `matvec: expected matrices […, N, M] and vectors […, M], got ${showShape(left)} and ${showShape(right)}`,
    );
  }
  return inNameOf('matvec', () => dropAxis(matmul(a, reshape(x, [...right, 1])), -1));
}

function dropAxis(x: Tensor, axis: -1 | -2): Tensor {
  return reshape(x, shapeOf(x).toSpliced(axis, 1));
}

const product = primitive('matmul', 2, (a, b) => {
  const left = shapeOf(a);
  const right = shapeOf(b);
  if (left[left.length - 1] !== right[right.length - 2]) throw mismatch(a, b, hint(a, b));
  const m = left[left.length - 2]!;
  const n = right[right.length - 1]!;
  if (left.length === 2 && right.length === 2) {
    const y = output('matmul', a._storage.dtype, [m, n]);
    multiply(a, b, y, false);
    return y;
  }
  const batch = broadcastShapes('matmul, leading axes', left.slice(0, -2), right.slice(0, -2));
  const y = output('matmul', a._storage.dtype, [...batch, m, n]);
  multiplyBatch(a, b, y, batch);
  return y;
});

/**
 * `y = a·b`, or `y += a·b` in place; only for the owner of `y`. Not recorded.
 * @param a shape [M, K], any strides. @param b shape [K, N]. @param y shape [M, N], contiguous.
 */
export function multiply(a: Tensor, b: Tensor, y: Tensor, accumulate: boolean): void {
  if (y._size === 0) return; // the other axis may be huge
  const m = shapeOf(a)[0]!;
  const k = shapeOf(a)[1]!;
  const n = shapeOf(b)[1]!;
  const aStrides = layoutOf(a);
  const direct = isRowMajor(b);
  const right = direct ? address(b) : addressOf(packed(b));
  floatKernelsFor(requireFloat('matmul', a._storage.dtype)).matmul(
    address(a),
    aStrides === null ? k : aStrides[0]!,
    aStrides === null ? 1 : aStrides[1]!,
    right,
    direct ? (layoutOf(b)?.[0] ?? n) : n,
    address(y),
    n,
    m,
    n,
    k,
    accumulate ? 1 : 0,
  );
}

/** One product for each index of the leading axes. */
function multiplyBatch(a: Tensor, b: Tensor, y: Tensor, batch: readonly number[]): void {
  if (y._size === 0) return; // the batch may be huge
  const matrix = (x: Tensor, offset: number): Tensor =>
    view(x._storage, shapeOf(x).slice(-2), stridesOf(x).slice(-2), x._offset + offset);
  // One copy for all products where the columns of b are not neighbors.
  const right = stridesOf(b).at(-1) === 1 ? b : contiguous(b);
  const lead = (x: Tensor): number[] =>
    broadcastStrides(shapeOf(x).slice(0, -2), stridesOf(x).slice(0, -2), batch);
  const loop = collapse(batch, [lead(a), lead(right), contiguousStrides(shapeOf(y)).slice(0, -2)]);
  eachOffset(loop.shape, loop.strides, loop.shape.length, ([i, j, o]) =>
    multiply(matrix(a, i!), matrix(right, j!), matrix(y, o!), false),
  );
}

function hint(a: Tensor, b: Tensor): string {
  const inner = `inner sizes ${shapeOf(a).at(-1)} and ${shapeOf(b).at(-2)} differ`;
  if (shapeOf(a).at(-1) === shapeOf(b).at(-1)) return `${inner}; did you mean x.matmul(w.transpose())?`;
  return shapeOf(a).at(-2) === shapeOf(b).at(-2) ? `${inner}; did you mean x.transpose().matmul(w)?` : inner;
}

function mismatch(a: Tensor, b: Tensor, why: string): ShapeError {
  return new ShapeError(`matmul: ${showShape(shapeOf(a))} × ${showShape(shapeOf(b))}: ${why}`);
}
