/** Copies results out of the arena, into JavaScript arrays. */
import { elementBytes } from '../dtype.ts';
import { arena } from '../memory/arena.ts';
import { hostStorage } from '../memory/storage.ts';
import { Parameter } from '../parameter.ts';
import { layoutOf, shapeOf, Tensor } from '../tensor.ts';
import { contiguousCopy } from './copy.ts';

/**
 * The same values in a host tensor, which the garbage collector owns. Host tensors and parameters
 * are returned as they are. A view of a parameter is copied, so that it keeps its values when the
 * parameter changes.
 */
export function toHost(x: Tensor): Tensor {
  if (x._storage.array !== null || x instanceof Parameter) return x;
  const inOpenScope = x._storage.scope?.open === true;
  const source = inOpenScope && layoutOf(x) !== null ? contiguousCopy(x) : x;
  const { storage } = source;
  const copy = hostStorage(source.toTypedArray(), storage.dtype, storage.origin);
  if (inOpenScope) {
    // Its bytes stay valid until the arena restarts. The next op need not copy them in again.
    copy.address = storage.address + source._offset * elementBytes(storage.dtype);
    arena.copied(copy);
  }
  return new Tensor(copy, shapeOf(x), null, 0);
}
