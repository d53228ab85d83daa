/** Matrix products, 2-D and batched. */

import { requireFloat } from '../dtype.ts';
import { ShapeError, showShape } from '../errors.ts';
import { floatKernelsFor } from '../kernels/active.ts';
import { record } from '../recorder.ts';
import { runtime } from '../runtime.ts';
import { broadcastShapes, broadcastStrides, contiguousStrides } from '../shape.ts';
import { layoutOf, shapeOf, stridesOf, type Tensor, view } from '../tensor.ts';
import { collapse, contiguous, eachOffset } from './copy.ts';
import { address, atTopLevel, commonDtype, extend, output, requireTensor } from './launch.ts';
import { rowMajor } from './packed.ts';
import { reshape } from './views.ts';

/**
 * The product over the last axis of `a` and the one before the last of `b`: `[…, M, K] × […, K, N] → […, M, N]`, leading axes broadcast.
 * A vector `[K]` counts as a row on the left and as a column on the right, and its axis goes. Transposed views cost no copy.
 * @throws ShapeError where the inner sizes differ.
 */
export function matmul(a: Tensor, b: Tensor): Tensor {
  const dtype = commonDtype('matmul', requireTensor('matmul', a), requireTensor('matmul', b));
  requireFloat('matmul', dtype);
  if (a.rank === 2 && b.rank === 2) return primitive(a, b);
  if (a.rank === 0 || b.rank === 0)
    throw mismatch(a, b, 'a single number has no axis to multiply over; use mul');
  if (a.rank === 1) return dropAxis(matmul(reshape(a, [1, a._size]), b), -2);
  if (b.rank === 1) return dropAxis(matmul(a, reshape(b, [b._size, 1])), -1);
  if (b.rank === 2 && shapeOf(a).at(-1) === shapeOf(b)[0]) {
    // One product over all leading axes.
    const rows = reshape(a, [
      shapeOf(a)
        .slice(0, -1)
        .reduce((m, n) => m * n, 1),
      shapeOf(a).at(-1)!,
    ]);
    return reshape(primitive(rows, b), [...shapeOf(a).slice(0, -1), shapeOf(b)[1]!]);
  }
  return primitive(a, b);
}

function dropAxis(x: Tensor, axis: -1 | -2): Tensor {
  return reshape(x, shapeOf(x).toSpliced(axis, 1));
}

function primitive(a: Tensor, b: Tensor): Tensor {
  return runtime.scope === null ? atTopLevel(() => run(a, b)) : run(a, b);
}

function run(a: Tensor, b: Tensor): Tensor {
  const m = shapeOf(a)[a.rank - 2]!;
  const k = shapeOf(a)[a.rank - 1]!;
  const n = shapeOf(b)[b.rank - 1]!;
  if (shapeOf(b)[b.rank - 2] !== k) throw mismatch(a, b, hint(a, b));
  let y: Tensor;
  if (a.rank === 2 && b.rank === 2) {
    y = output('matmul', a._storage.dtype, [m, n]);
    multiply(a, b, y, false);
  } else {
    const batch = broadcastShapes('matmul, leading axes', shapeOf(a).slice(0, -2), shapeOf(b).slice(0, -2));
    y = output('matmul', a._storage.dtype, [...batch, m, n]);
    multiplyBatch(a, b, y, batch);
  }
  if (runtime.recording) record('matmul', [a, b], null, y);
  return y;
}

/**
 * `y = a·b`, or `y += a·b` in place for whoever owns `y`. Not recorded.
 * @param a shape [M, K], any strides. @param b shape [K, N]. @param y shape [M, N], contiguous.
 */
export function multiply(a: Tensor, b: Tensor, y: Tensor, accumulate: boolean): void {
  if (y._size === 0) return; // an axis may be anything then: nobody counts up to it
  const [m, k] = shapeOf(a) as [number, number];
  const n = shapeOf(b)[1]!;
  const right = rowMajor(b);
  const aStrides = layoutOf(a);
  floatKernelsFor(requireFloat('matmul', a._storage.dtype)).matmul(
    address(a),
    aStrides === null ? k : aStrides[0]!,
    aStrides === null ? 1 : aStrides[1]!,
    address(right),
    layoutOf(right)?.[0] ?? n,
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
  const matrix = (x: Tensor, offset: number): Tensor =>
    view(x._storage, shapeOf(x).slice(-2), stridesOf(x).slice(-2), x._offset + offset);
  // One copy for all products where a matrix of b lies crosswise.
  const right = stridesOf(b).at(-1) === 1 || b.rank === 2 ? b : contiguous(b);
  const lead = (x: Tensor): number[] =>
    broadcastStrides(shapeOf(x).slice(0, -2), stridesOf(x).slice(0, -2), batch);
  const loop = collapse(batch, [lead(a), lead(right), contiguousStrides(shapeOf(y)).slice(0, -2)]);
  if (y._size === 0) return;
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

declare module '../tensor.ts' {
  interface Tensor {
    /** Matrix product `[…, M, K] × […, K, N] → […, M, N]`; leading axes broadcast, vectors count as rows on the left and columns on the right. */
    matmul(other: Tensor): Tensor;
  }
}

extend({
  matmul(other) {
    return matmul(this, other);
  },
});
