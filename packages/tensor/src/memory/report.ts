/** What the library holds. */

import { runtime } from '../runtime.ts';
import { arena, regionUse } from './arena.ts';
import { freeBytes } from './blocks.ts';
import { heap } from './heap.ts';
import { persistentUse, trimArena } from './storage.ts';

/** Storages and bytes in each home. Views share a storage and count once. */
export interface MemoryReport {
  /** Made in the open scope; nothing outside of one. `reservedBytes` are kept for further scopes: see `trimMemory`. */
  readonly arena: { readonly tensors: number; readonly bytes: number; readonly reservedBytes: number };
  /** Parameters, optimizer state, and cached forms of weights. */
  readonly persistent: { readonly tensors: number; readonly bytes: number };
  /** Recordings of plans, and the bytes that they compute in. */
  readonly plans: { readonly recordings: number; readonly bytes: number };
  /** Bytes of the heap that nothing holds: for parameters, plans and scopes to come. */
  readonly freeBytes: number;
  /** Bytes of the whole heap (WebAssembly memory), used or not. Loose tensors are not in it: they are the garbage collector's. */
  readonly heapBytes: number;
}

/** Live storages and bytes: equal numbers before and after some work show that it leaked nothing. */
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
 * Gives memory that is kept for further scopes back to the heap, where parameters and plans can have it. The library does
 * so by itself before it runs out of memory. Inside a scope, what the scope uses stays. The heap itself does not shrink:
 * WebAssembly memory cannot.
 * @returns bytes given back.
 * @example trimMemory(); memory().arena.reservedBytes // → 0
 */
export const trimMemory = (): number => trimArena();
