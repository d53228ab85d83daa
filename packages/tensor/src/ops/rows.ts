/** Rows by index: the embedding lookup and its adjoint. */
import { isFloat } from '../dtype.ts';
import { hostCall } from '../effects.ts';
import { DtypeError, ShapeError, showShape } from '../errors.ts';
import { kernelsFor } from '../kernels/active.ts';
import { addressOf, elementsOf } from '../memory/storage.ts';
import { checkShape, sameShape } from '../shape.ts';
import { layoutOf, requireTensor, shapeOf, type Tensor } from '../tensor.ts';
import { primitive } from './define.ts';
import { address, output } from './launch.ts';
import { isRowMajor, packed } from './packed.ts';
import { contiguous } from './views.ts';

/** `gather` with checked indices. */
export const gatherRows: (table: Tensor, indices: Tensor) => Tensor = primitive(
  'gather',
  2,
  (table, indices) => {
    const { dtype } = table._storage;
    // The copy of a transposed weight, looked up at every step, is made once for each of its
    // versions.
    const cached = shapeOf(table).length === 2 && isFloat(dtype) && !isRowMajor(table);
    const rows = cached ? addressOf(packed(table)) : address(contiguous(table));
    const which = contiguous(indices);
    const y = output('gather', dtype, [...shapeOf(indices), ...shapeOf(table).slice(1)]);
    const width = indices._size === 0 ? 0 : y._size / indices._size;
    kernelsFor(dtype).gather(rows, address(which), address(y), indices._size, width);
    return y;
  },
);

/**
 * Rows of a table, `y[i…] = table[indices[i…]]`: the embedding lookup.
 * @param table shape [V, …]. @param indices int32 of any shape, each in 0 … V − 1.
 * @returns shape [indices' shape…, …].
 * @throws ShapeError naming the first index that is out of range.
 */
export function gather(table: Tensor, indices: Tensor): Tensor {
  const [height] = shapeOf(requireTensor('gather', table));
  if (height === undefined) throw new ShapeError('gather: expected a table of rows, [V, …], got shape []');
  checkIndices('gather', indices, height);
  return gatherRows(table, indices);
}

const scattered = primitive('scatterRows', 2, (g, indices, { rows }) => {
  const { dtype } = g._storage;
  const table = output('scatterRows', dtype, [rows, ...shapeOf(g).slice(shapeOf(indices).length)]);
  kernelsFor(dtype).fill(address(table), table._size, 0);
  addRowsInto(table, indices, g);
  return table;
});

/**
 * The adjoint of `gather`: zeros, with the rows of `g` added at the indices. Equal indices add up.
 * @param g shape [indices' shape…, …]. @param rows V, the table's height. @returns shape [V, …].
 */
export function scatterRows(g: Tensor, indices: Tensor, rows: number): Tensor {
  requireTensor('scatterRows', g);
  checkShape('scatterRows', [rows]);
  checkIndices('scatterRows', indices, rows);
  if (!sameShape(shapeOf(g).slice(0, shapeOf(indices).length), shapeOf(indices))) {
    throw new ShapeError(
      `scatterRows: expected rows whose leading axes are those of the indices ${showShape(shapeOf(indices))}, got ${showShape(shapeOf(g))}`,
    );
  }
  return scattered(g, indices, { rows });
}

/**
 * `table[indices[i]] += g[i]` in place; only for the owner of `table`, which is contiguous. Indices
 * were checked. Not recorded.
 */
export function addRowsInto(table: Tensor, indices: Tensor, g: Tensor): void {
  const source = contiguous(g);
  const which = contiguous(indices);
  const width = indices._size === 0 ? 0 : g._size / indices._size;
  const { scatterAdd } = kernelsFor(g._storage.dtype);
  scatterAdd(address(table), address(which), address(source), indices._size, width);
}

/** Throws unless all indices are int32 and name one of `count` rows. */
export function checkIndices(op: string, indices: Tensor, count: number): void {
  checkInt32(op, 'indices', requireTensor(op, indices));
  hostCall(
    () =>
      eachValue(indices, (index, i) => {
        if (index < 0 || index >= count) {
          const expected =
            count === 0 ? 'no index, since there are no rows' : `indices from 0 to ${count - 1}`;
          throw new ShapeError(`${op}: expected ${expected}, got ${index} at position ${i}`);
        }
      }),
    [indices._storage],
  );
}

/** @throws DtypeError unless a tensor of indices is int32. */
export function checkInt32(op: string, what: string, { _storage: { dtype } }: Tensor): void {
  if (dtype === 'int32') return;
  throw new DtypeError(
    `${op}: expected int32 ${what}, got ${dtype}; make them with tensor([…], { dtype: 'int32' })`,
  );
}

/** Visits each element, with its position in row-major order. */
export function eachValue(x: Tensor, visit: (value: number, i: number) => void): void {
  const contiguous = layoutOf(x) === null;
  const elements = contiguous ? elementsOf(x._storage) : x.toTypedArray();
  const start = contiguous ? x._offset : 0;
  for (let i = 0; i < x._size; i++) visit(elements[start + i]!, i);
}
