/**
 * Row-major forms of operands that kernels cannot read as they lie. A recurrent net multiplies by the same transposed weight at every step:
 * its form is made once per version, not once per use.
 */

import { requireFloat } from '../dtype.ts';
import { hostCallOnce } from '../effects.ts';
import { floatKernelsFor } from '../kernels/active.ts';
import { addressOf, arenaStorage, persistentStorage, type Storage } from '../memory/storage.ts';
import { withRuntime } from '../runtime.ts';
import { contiguousStrides } from '../shape.ts';
import { layoutOf, shapeOf, Tensor } from '../tensor.ts';
import { copyStrided } from './copy.ts';
import { address, output } from './launch.ts';

/** One cached form: of the matrix at `offset` with `rows × cols` elements and that column stride, at one version of its storage. */
export interface Packed {
  readonly offset: number;
  readonly rows: number;
  readonly cols: number;
  readonly stride: number;
  readonly storage: Storage;
  version: number;
}

/** More forms than this of one storage are made afresh each time, in the arena. */
const MOST_FORMS = 8;

/**
 * A matrix each of whose rows is contiguous: itself, or its form from the cache of its storage, or a new one.
 * @param x shape [rows, cols], float.
 */
export function rowMajor(x: Tensor): Tensor {
  const strides = layoutOf(x);
  if (strides === null || (strides[1] === 1 && strides[0]! >= 0)) return x;
  const [rows, cols] = shapeOf(x) as [number, number];
  if (strides[0] !== 1 || x._size === 0) {
    const y = output('matmul', x._storage.dtype, shapeOf(x));
    copyStrided(x._storage.dtype, shapeOf(x), address(x), strides, address(y), contiguousStrides(shapeOf(x)));
    return y;
  }
  const form = cachedForm(x, rows, cols, strides[1]!);
  return new Tensor(form, shapeOf(x), null, 0);
}

function cachedForm(x: Tensor, rows: number, cols: number, stride: number): Storage {
  const { storage } = x;
  addressOf(storage); // throws for what is gone: a form of it may still be there
  storage.forms ??= [];
  const { forms } = storage;
  for (const form of forms) {
    if (form.offset !== x._offset || form.rows !== rows || form.cols !== cols || form.stride !== stride)
      continue;
    if (form.storage.scope !== null) {
      if (form.storage.scope.open) return form.storage;
      forms.splice(forms.indexOf(form), 1);
      break;
    }
    return upToDate(form, x);
  }
  const room = forms.length < MOST_FORMS;
  if (storage.persistent && room) {
    // Of no version yet. While a plan is recorded, it is made outside of it: it lives on.
    const kept = withRuntime({ planner: null }, () =>
      persistentStorage(storage.dtype, rows * cols, 'packed'),
    );
    const form = { offset: x._offset, rows, cols, stride, storage: kept, version: -1 };
    forms.push(form);
    return upToDate(form, x);
  }
  const made = arenaStorage(storage.dtype, rows * cols, 'packed');
  transposeInto(x, rows, cols, stride, made);
  if (room) forms.push({ offset: x._offset, rows, cols, stride, storage: made, version: storage.version });
  return made;
}

/** A parameter's form, made again where the parameter has been written since. */
function upToDate(form: Packed, x: Tensor): Storage {
  hostCallOnce(form, () => refresh(form, x));
  return form.storage;
}

function refresh(form: Packed, x: Tensor): void {
  if (form.version === x._storage.version) return;
  transposeInto(x, form.rows, form.cols, form.stride, form.storage);
  form.version = x._storage.version;
}

function transposeInto(x: Tensor, rows: number, cols: number, stride: number, to: Storage): void {
  floatKernelsFor(requireFloat('matmul', x._storage.dtype)).transpose(
    address(x),
    stride,
    addressOf(to),
    cols,
    rows,
  );
}
