/** Copying results out of the arena, for whoever called from outside. */

import { elementBytes } from '../dtype.ts';
import { arena } from '../memory/arena.ts';
import { looseStorage } from '../memory/storage.ts';
import { Parameter } from '../parameter.ts';
import { shapeOf, Tensor } from '../tensor.ts';
import { contiguous } from './copy.ts';

/**
 * The same values on the JavaScript side, owned by the garbage collector. Loose tensors and parameters are themselves; a view of a
 * parameter is copied, so that it stays true when the parameter moves on.
 */
export function loose(x: Tensor): Tensor {
  if (x._storage.array !== null || x instanceof Parameter) return x;
  const source = contiguous(x);
  const { storage } = source;
  const copy = looseStorage(source.toTypedArray(), storage.dtype, storage.origin);
  if (storage.scope !== null) {
    // Its bytes stay where they are until the arena starts again: the next op need not copy them back in.
    copy.address = storage.address + source._offset * elementBytes(storage.dtype);
    arena.copied(copy);
  }
  return new Tensor(copy, shapeOf(x), null, 0);
}

export function looseAll<R extends readonly Tensor[]>(results: R): R {
  return results.map(loose) as unknown as R;
}
