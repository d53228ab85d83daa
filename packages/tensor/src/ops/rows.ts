/** Rows by index: the embedding lookup and its adjoint. */

import { isFloat } from '../dtype.ts';
import { hostCall } from '../effects.ts';
import { DtypeError, ShapeError, showShape } from '../errors.ts';
import { kernelsFor } from '../kernels/active.ts';
import { elementsOf } from '../memory/storage.ts';
import { record } from '../recorder.ts';
import { runtime } from '../runtime.ts';
import { checkShape, sameShape } from '../shape.ts';
import { layoutOf, shapeOf, type Tensor } from '../tensor.ts';
import { contiguous } from './copy.ts';
import { address, atTopLevel, extend, output, requireTensor } from './launch.ts';
import { rowMajor } from './packed.ts';

/**
 * Rows of a table: `y[i…] = table[indices[i…]]`. The embedding lookup.
 * @param table shape [V, …]. @param indices int32 of any shape, each in 0 … V − 1. @returns shape [indices' shape…, …].
 * @throws ShapeError naming the first index that is out of range.
 */
export function gather(table: Tensor, indices: Tensor): Tensor {
  requireTensor('gather', table);
  if (table.rank === 0)
    throw new ShapeError('gather: the table has shape []; a table of rows, [V, …], was expected');
  checkIndices('gather', indices, shapeOf(table)[0]!);
  const run = (): Tensor => {
    // A transposed weight, looked up at every step, is turned once per version.
    const rows = contiguous(table.rank === 2 && isFloat(table._storage.dtype) ? rowMajor(table) : table);
    const which = contiguous(indices);
    const y = output('gather', table._storage.dtype, [...shapeOf(indices), ...shapeOf(table).slice(1)]);
    const width = indices._size === 0 ? 0 : y._size / indices._size;
    kernelsFor(table._storage.dtype).gather(address(rows), address(which), address(y), indices._size, width);
    if (runtime.recording) record('gather', [table, indices], null, y);
    return y;
  };
  return runtime.scope === null ? atTopLevel(run) : run();
}

/**
 * The adjoint of `gather`: a table of zeros to whose rows those of `g` are added; rows named several times collect all.
 * @param g shape [indices' shape…, …]. @param rows V, the table's height. @returns shape [V, …].
 */
export function scatterRows(g: Tensor, indices: Tensor, rows: number): Tensor {
  requireTensor('scatterRows', g);
  checkShape('scatterRows', [rows]);
  checkIndices('scatterRows', indices, rows);
  if (!sameShape(shapeOf(g).slice(0, indices.rank), shapeOf(indices))) {
    throw new ShapeError(
      `scatterRows: rows ${showShape(shapeOf(g))} and indices ${showShape(shapeOf(indices))} came; the leading axes must agree`,
    );
  }
  const run = (): Tensor => {
    const table = output('scatterRows', g._storage.dtype, [rows, ...shapeOf(g).slice(indices.rank)]);
    kernelsFor(g._storage.dtype).fill(address(table), table._size, 0);
    addRowsInto(table, indices, g);
    if (runtime.recording) record('scatterRows', [g, indices], { rows }, table);
    return table;
  };
  return runtime.scope === null ? atTopLevel(run) : run();
}

/** `table[indices[i]] += g[i]` in place, for whoever owns `table` (contiguous). Indices were checked. Not recorded. */
export function addRowsInto(table: Tensor, indices: Tensor, g: Tensor): void {
  const source = contiguous(g);
  const which = contiguous(indices);
  const width = indices._size === 0 ? 0 : g._size / indices._size;
  kernelsFor(g._storage.dtype).scatterAdd(
    address(table),
    address(which),
    address(source),
    indices._size,
    width,
  );
}

/** Throws unless all indices are int32 and name one of `count` rows. */
export function checkIndices(op: string, indices: Tensor, count: number): void {
  requireTensor(op, indices);
  if (indices._storage.dtype !== 'int32') {
    throw new DtypeError(
      `${op}: indices of ${indices._storage.dtype} came, int32 was expected; make them with tensor([…], { dtype: 'int32' })`,
    );
  }
  hostCall(() => checkRange(op, indices, count));
}

function checkRange(op: string, indices: Tensor, count: number): void {
  const elements = layoutOf(indices) === null ? elementsOf(indices._storage) : indices.toTypedArray();
  const start = layoutOf(indices) === null ? indices._offset : 0;
  for (let i = start; i < start + indices._size; i++) {
    const index = elements[i]!;
    if (index < 0 || index >= count) {
      throw new ShapeError(
        `${op}: index ${index} came at position ${i - start}, but ${count === 0 ? 'there are no rows' : `there are ${count} rows: 0 to ${count - 1}`}`,
      );
    }
  }
}

declare module '../tensor.ts' {
  interface Tensor {
    /** Rows of this table by int32 index: the embedding lookup. */
    gather(indices: Tensor): Tensor;
  }
}

extend({
  gather(indices) {
    return gather(this, indices);
  },
});
