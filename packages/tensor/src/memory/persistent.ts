/** Persistent storage: blocks of the heap, freed when nothing refers to them. */
import { type Dtype, elementBytes } from '../dtype.ts';
import { unsupported } from '../effects.ts';
import { allocateBlock, freeBlock } from './blocks.ts';
import { trackAllocated, trackFreed } from './gc-pressure.ts';
import { heap } from './heap.ts';
import { DISPOSED, Storage } from './storage.ts';

/** What a finalizer needs to free a block. It must not refer to the storage. */
interface Block {
  readonly address: number;
  readonly bytes: number;
}
const blocks = new WeakMap<Storage, Block>();
const liveBlocks = new Set<Block>();
const dropped = new FinalizationRegistry<Block>((block) => release(block));

/** Storage in a separate block, cleared. It is freed when nothing refers to it. */
export function persistentStorage(dtype: Dtype, length: number, origin: string): Storage {
  unsupported(`a ${origin} was made`, 'make it before, and use it inside');
  const bytes = length * elementBytes(dtype);
  const block = { address: allocateBlock(bytes), bytes };
  heap.bytes.fill(0, block.address, block.address + bytes);
  const storage = new Storage(dtype, length, null, null, block.address, origin);
  liveBlocks.add(block);
  blocks.set(storage, block);
  dropped.register(storage, block, storage);
  trackAllocated(bytes);
  return storage;
}

/** The number of persistent blocks, and their bytes. */
export function persistentUse(): { tensors: number; bytes: number } {
  let bytes = 0;
  for (const block of liveBlocks) bytes += block.bytes;
  return { tensors: liveBlocks.size, bytes };
}

/** Frees a persistent storage's block. Later uses throw. */
export function disposePersistent(storage: Storage): void {
  const block = blocks.get(storage);
  if (block === undefined) return;
  blocks.delete(storage);
  dropped.unregister(storage);
  storage.address = DISPOSED;
  release(block);
  for (const { storage: copy } of storage.packedCache ?? []) disposePersistent(copy);
  storage.packedCache = null;
}

function release(block: Block): void {
  if (!liveBlocks.delete(block)) return;
  freeBlock(block.address, block.bytes);
  trackFreed(block.bytes);
}
