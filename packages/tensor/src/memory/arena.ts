/**
 * The arena: the memory of all tensors that are computed inside a scope. A bump pointer over chunks
 * that are kept and reused, so that the same ops get the same addresses in every call. Tensors are
 * not freed one by one: the outermost scope restarts the arena.
 *
 * The results of a scope are copied to JavaScript arrays. Their bytes in the arena stay valid until
 * the next outermost scope begins, so that clipping and the optimizer read gradients without
 * copying them in again. `arena.epoch` counts the restarts.
 */
import { Chunks, type Position } from './chunks.ts';
import { trackAllocated, trackFreed } from './gc-pressure.ts';

const FIRST_CHUNK = 1 << 20;
/** Plans are often small and many. */
const FIRST_REGION_CHUNK = 1 << 16;
/**
 * Ops outside of all scopes leave copies of their results in the arena. After this many bytes they
 * restart it.
 */
const LINGERING = 1 << 24;

/** A position in the arena to which `release` returns. */
export interface Mark {
  readonly position: Position;
  readonly count: number;
  readonly bytes: number;
  readonly copies: { epoch: number }[] | null;
}

/** An extent of arena memory, open or closed. Its tensors are valid while it is open. */
export class Scope {
  open = true;
  /** For a segment's scope: the scope that the segment runs in. */
  readonly parent: Scope | null;
  /**
   * Whether its memory stays as long as its owner: a recording's. Then no segment gives parts of it
   * back.
   */
  readonly permanent: boolean;
  constructor(parent: Scope | null = null, permanent = false) {
    this.parent = parent;
    this.permanent = permanent;
  }
}

/** Separate arena memory of a plan, whose addresses stay reserved between calls. */
export type Region = Chunks;

const regions = new Set<Region>();

/** Frees a region's memory. */
export function freeRegion(region: Region): void {
  if (!regions.delete(region)) return;
  trackFreed(region.freeAll());
  arena.forgetCopies(); // some of their bytes may be in the region
}

/** The number of regions, and their bytes. */
export function regionUse(): { recordings: number; bytes: number } {
  let bytes = 0;
  for (const region of regions) bytes += region.bytes;
  return { recordings: regions.size, bytes };
}

class Arena {
  /** Changes whenever allocated memory may be overwritten. */
  epoch = 0;
  #lastEpoch = 0;
  /** Storages allocated since the restart, and their bytes. */
  count = 0;
  bytes = 0;
  readonly #usual = new Chunks(FIRST_CHUNK);
  /** The chunks to allocate from: the usual ones, or a region's. */
  #chunks = this.#usual;
  /** Host storages copied in since the last open mark. */
  #copies: { epoch: number }[] | null = null;

  /**
   * An address for `bytes` bytes, 16-byte aligned, not cleared.
   * @throws OutOfMemoryError where the heap cannot grow.
   * @throws ValueError for an invalid number of bytes.
   */
  allocate(bytes: number): number {
    const room = bytes + (-bytes & 15);
    const address = this.#chunks.allocate(room);
    this.count++;
    this.bytes += room;
    return address;
  }

  /** All memory allocated so far may be overwritten from now on. */
  restart(): void {
    this.forgetCopies();
    this.count = 0;
    this.bytes = 0;
    this.#chunks.restart();
  }

  /** Host tensors are copied in again from now on. */
  forgetCopies(): void {
    this.epoch = ++this.#lastEpoch;
  }

  /** Registers a host storage whose elements are in the arena. */
  copied(storage: { epoch: number }): void {
    storage.epoch = this.epoch;
    this.#copies?.push(storage);
  }

  /** Begins an extent of memory that `release` frees. Extents nest. */
  mark(): Mark {
    const { count, bytes } = this;
    const mark = { position: this.#chunks.position, count, bytes, copies: this.#copies };
    this.#copies = [];
    return mark;
  }

  /** All memory allocated since the mark may be overwritten from now on. */
  release({ position, count, bytes, copies }: Mark): void {
    for (const storage of this.#copies ?? []) storage.epoch = -1;
    this.#copies = copies;
    this.#chunks.returnTo(position);
    this.count = count;
    this.bytes = bytes;
  }

  /** Restarts if the copies that ops outside of scopes left are many. */
  restartIfFull(): void {
    if (this.bytes > LINGERING) this.restart();
  }

  /**
   * Returns memory that no open scope uses to the heap.
   * @param all whether no scope is open, so that all memory is returned.
   * @returns the number of bytes.
   */
  trim(all: boolean): number {
    if (!all) return this.#usual.freeUnused();
    this.restart();
    return this.#usual.freeAll();
  }

  /**
   * Runs `body` on separate memory. Host tensors are copied in again there, and again outside
   * afterwards.
   * @returns the memory, for `freeRegion`. Where `body` throws it is freed.
   */
  inRegion(body: () => void): Region {
    const { epoch, count, bytes } = this;
    const outer = this.#chunks;
    const region = new Chunks(FIRST_REGION_CHUNK);
    this.#chunks = region;
    this.forgetCopies();
    let done = false;
    try {
      body();
      done = true;
    } finally {
      if (done) regions.add(region);
      else region.freeAll();
      this.#chunks = outer;
      Object.assign(this, { epoch, count, bytes });
    }
    trackAllocated(region.bytes);
    return region;
  }

  /** Bytes of all chunks, used or not. */
  get reservedBytes(): number {
    return this.#usual.bytes;
  }
}

export const arena: Arena = new Arena();
