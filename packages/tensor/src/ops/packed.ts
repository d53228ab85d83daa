/**
 * Row-major copies of matrices that kernels cannot read as they are, such as transposed weights. A
 * recurrent net multiplies by the same transposed weight at every step: its copy is made once for
 * each version of the weight, and cached with its storage.
 */
import { requireFloat } from '../dtype.ts';
import { hostCallOnce } from '../effects.ts';
import { floatKernelsFor } from '../kernels/active.ts';
import { persistentStorage } from '../memory/persistent.ts';
import { addressOf, arenaStorage, type PackedMatrix, type Storage } from '../memory/storage.ts';
import { runtime, withRuntime } from '../runtime.ts';
import { layoutOf, shapeOf, type Tensor } from '../tensor.ts';
import { contiguousCopy } from './copy.ts';
import { address } from './launch.ts';

/** The most copies cached for one storage. Further ones are made at each use, in the arena. */
const MOST_CACHED = 8;

/** Whether each row of a matrix is contiguous. */
export function isRowMajor(x: Tensor): boolean {
  const strides = layoutOf(x);
  return strides === null || (strides[1] === 1 && strides[0]! >= 0);
}

/**
 * A contiguous copy of a matrix that is not row-major, from the cache of its storage where
 * possible.
 * @param x shape [rows, cols], float.
 */
export function packed(x: Tensor): Storage {
  const strides = layoutOf(x)!;
  if (strides[0] !== 1 || x._size === 0) return contiguousCopy(x)._storage;
  const rows = shapeOf(x)[0]!;
  const cols = shapeOf(x)[1]!;
  const stride = strides[1]!;
  const storage = x._storage;
  addressOf(storage); // throws for a closed scope, whose copies may still be there
  storage.packedCache ??= [];
  const cache = storage.packedCache;
  for (const form of cache) {
    if (form.offset !== x._offset || form.rows !== rows || form.cols !== cols || form.stride !== stride)
      continue;
    if (form.storage.scope === null) return upToDate(form, x);
    if (form.storage.scope.open) return form.storage;
    cache.splice(cache.indexOf(form), 1);
    break;
  }
  const room = cache.length < MOST_CACHED;
  if (storage.persistent && room) {
    // It outlives a plan that is being recorded, so it is made outside of the plan.
    const kept = withRuntime({ planner: null }, () =>
      persistentStorage(storage.dtype, rows * cols, 'packed'),
    );
    const form = { offset: x._offset, rows, cols, stride, storage: kept, version: -1 };
    cache.push(form);
    return upToDate(form, x);
  }
  const form = {
    offset: x._offset,
    rows,
    cols,
    stride,
    storage: arenaStorage(storage.dtype, rows * cols, 'packed'),
    version: storage.version,
  };
  transposeInto(form, x);
  if (room) cache.push(form);
  return form.storage;
}

/** A parameter's copy, made again where the parameter has been written since. */
function upToDate(form: PackedMatrix, x: Tensor): Storage {
  if (runtime.planner !== null) hostCallOnce(form, () => refresh(form, x));
  else refresh(form, x);
  return form.storage;
}

function refresh(form: PackedMatrix, x: Tensor): void {
  if (form.version === x._storage.version) return;
  transposeInto(form, x);
  form.version = x._storage.version;
}

function transposeInto({ rows, cols, stride, storage }: PackedMatrix, x: Tensor): void {
  const { transpose } = floatKernelsFor(requireFloat('matmul', x._storage.dtype));
  transpose(address(x), stride, addressOf(storage), cols, rows);
}
