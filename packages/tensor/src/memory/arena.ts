/**
 * The arena: where everything lives that is computed inside a scope. A bump pointer over chunks that are kept and used again, so
 * the same ops get the same addresses in every call. Nothing is freed one by one: the outermost scope starts from the bottom.
 *
 * What a scope returns is copied out to ordinary JavaScript arrays; its bytes stay valid in the arena until the next outermost
 * scope begins, so that clipping and the optimizer read gradients without copying them in again. `arena.epoch` counts those beginnings.
 */
import { Chunks, type Position } from './chunks.ts';
import { trackAllocated, trackFreed } from './gc-pressure.ts';

const FIRST_CHUNK = 1 << 20;
/** A plan is often small, and there may be many. */
const FIRST_REGION_CHUNK = 1 << 16;
/** Ops outside of any scope pile up copies of their results; past this many bytes they start from the bottom too. */
const LINGERING = 1 << 24;

/** A place in the arena that everything after it can be taken back to. */
export interface Mark {
  readonly position: Position;
  readonly count: number;
  readonly bytes: number;
  readonly copies: { epoch: number }[] | null;
}

/** One open or closed extent of arena memory. Tensors inside it die with it. */
export class Scope {
  open = true;
  /** The one whose memory it lies on top of: a segment's. */
  readonly parent: Scope | null;
  /** Whether its memory stays as long as its owner: a recording's. Then no segment gives parts of it back. */
  readonly permanent: boolean;
  constructor(parent: Scope | null = null, permanent = false) {
    this.parent = parent;
    this.permanent = permanent;
  }
}

/** Memory apart from the arena's usual one: a plan has some, so that its addresses stay its own between calls. */
export type Region = Chunks;

const regions = new Set<Region>();

/** Gives a region's memory back. */
export function freeRegion(region: Region): void {
  if (!regions.delete(region)) return;
  trackFreed(region.freeAll());
  arena.forgetCopies(); // some may be there: results of which copies were given out
}

/** Regions alive, and their bytes. */
export function regionUse(): { recordings: number; bytes: number } {
  let bytes = 0;
  for (const region of regions) bytes += region.bytes;
  return { recordings: regions.size, bytes };
}

class Arena {
  /** Another number whenever memory that was handed out may be overwritten. */
  epoch = 0;
  #lastEpoch = 0;
  /** Storages made since then, and their bytes. */
  count = 0;
  bytes = 0;
  readonly #usual = new Chunks(FIRST_CHUNK);
  /** Where addresses come from now: the usual chunks, or a region's. */
  #chunks = this.#usual;
  /** Loose storages copied in since the last open mark. */
  #copies: { epoch: number }[] | null = null;

  /**
   * An address for `bytes` bytes, 16-byte aligned, not cleared.
   * @throws OutOfMemoryError where the heap cannot grow. @throws ValueError for what is no number of bytes.
   */
  allocate(bytes: number): number {
    const room = bytes + (-bytes & 15);
    const address = this.#chunks.allocate(room);
    this.count++;
    this.bytes += room;
    return address;
  }

  /** Everything handed out so far may be overwritten from now on. */
  restart(): void {
    this.forgetCopies();
    this.count = 0;
    this.bytes = 0;
    this.#chunks.restart();
  }

  /** Loose tensors are copied in anew from now on. */
  forgetCopies(): void {
    this.epoch = ++this.#lastEpoch;
  }

  /** Told of each loose storage that was copied in, or that a copy was made of. */
  copied(storage: { epoch: number }): void {
    storage.epoch = this.epoch;
    this.#copies?.push(storage);
  }

  /** Begins a stretch of memory that `release` gives back; stretches nest. */
  mark(): Mark {
    const { count, bytes } = this;
    const mark = { position: this.#chunks.position, count, bytes, copies: this.#copies };
    this.#copies = [];
    return mark;
  }

  /** Everything handed out since the mark may be overwritten from now on. */
  release({ position, count, bytes, copies }: Mark): void {
    for (const storage of this.#copies ?? []) storage.epoch = -1;
    this.#copies = copies;
    this.#chunks.returnTo(position);
    this.count = count;
    this.bytes = bytes;
  }

  /** Restarts when what lingers has piled up. */
  restartIfFull(): void {
    if (this.bytes > LINGERING) this.restart();
  }

  /**
   * Gives memory back to the heap: what no open scope uses.
   * @param all whether no scope is open, so that everything goes. @returns bytes given back.
   */
  trim(all: boolean): number {
    if (!all) return this.#usual.freeUnused();
    this.restart();
    return this.#usual.freeAll();
  }

  /**
   * Runs `body` on memory of its own. Loose tensors are copied in anew there, and anew outside when it returns.
   * @returns the memory, for `freeRegion`; also given back where `body` throws.
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
