/** A report of the library's memory. */

import { runtime } from '../runtime.ts';
import { arena, regionUse } from './arena.ts';
import { freeBytes } from './blocks.ts';
import { heap } from './heap.ts';
import { persistentUse } from './persistent.ts';
import { trimArena } from './storage.ts';

/** Storages and bytes of each kind. Views share a storage and count once. */
export interface MemoryReport {
  /**
   * Storages of the open scope; 0 outside of scopes. `reservedBytes` are kept for further scopes:
   * see `trimMemory`.
   */
  readonly arena: { readonly tensors: number; readonly bytes: number; readonly reservedBytes: number };
  /** Parameters, optimizer state, and cached copies of weights. */
  readonly persistent: { readonly tensors: number; readonly bytes: number };
  /** Recordings of plans, and their bytes. */
  readonly plans: { readonly recordings: number; readonly bytes: number };
  /** Unused bytes of the heap, for further parameters, plans and scopes. */
  readonly freeBytes: number;
  /**
   * Bytes of the whole heap (WebAssembly memory), used or not. Host tensors are not in it; the
   * garbage collector owns them.
   */
  readonly heapBytes: number;
}

/**
 * Live storages and bytes. Equal numbers before and after a computation show that it leaked
 * nothing.
 */
export function memory(): MemoryReport {
  const open = runtime.scope !== null;
  return {
    arena: {
      tensors: open ? arena.count : 0,
      bytes: open ? arena.bytes : 0,
      reservedBytes: arena.reservedBytes,
    },
    persistent: persistentUse(),
    plans: regionUse(),
    freeBytes: freeBytes(),
    heapBytes: heap.byteLength,
  };
}

/**
 * Returns memory that is kept for further scopes to the heap, for parameters and plans. The library
 * does so automatically before it runs out of memory. Memory of an open scope stays. The heap does
 * not shrink, since WebAssembly memory cannot.
 * @returns the number of bytes.
 * @example trimMemory(); memory().arena.reservedBytes // → 0
 */
export const trimMemory = (): number => trimArena();
