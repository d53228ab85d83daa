/**
 * The arena: where everything lives that is computed inside a scope. A bump pointer over chunks that are kept and used again, so
 * the same ops get the same addresses in every call. Nothing is freed one by one: the outermost scope starts from the bottom.
 *
 * What a scope returns is copied out to ordinary JavaScript arrays; its bytes stay valid in the arena until the next outermost
 * scope begins, so that clipping and the optimizer read gradients without copying them in again. `arena.epoch` counts those beginnings.
 */
import { OutOfMemoryError } from '../errors.ts';
import { allocateBlock, freeBlock } from './blocks.ts';
import { hold, letGo } from './pressure.ts';

const FIRST_CHUNK = 1 << 20;
/** A plan is often small, and there may be many. */
const FIRST_REGION_CHUNK = 1 << 16;
const LARGEST_CHUNK = 1 << 26;
/** Ops outside of any scope pile up copies of their results; past this many bytes they start from the bottom too. */
const LINGERING = 1 << 24;

interface Chunk {
  readonly start: number;
  readonly end: number;
}

/** A place in the arena that everything after it can be taken back to. */
export interface Mark {
  readonly at: number;
  readonly top: number;
  readonly end: number;
  readonly count: number;
  readonly bytes: number;
  readonly copies: { epoch: number }[] | null;
}

/** One open or closed extent of arena memory. Tensors inside it die with it. */
export class Scope {
  open = true;
  /** The one whose memory it lies on top of: a segment's. */
  readonly parent: Scope | null;
  constructor(parent: Scope | null = null) {
    this.parent = parent;
  }
}

/** Memory apart from the arena's usual one: a plan has some, so that its addresses stay its own between calls. */
export type Region = readonly Chunk[];

const regions = new Set<Region>();

/** Gives a region's memory back. */
export function freeRegion(region: Region): void {
  if (!regions.delete(region)) return;
  freeChunks(region);
  letGo(bytesOf(region));
  arena.forgetCopies(); // some may be there: results of which copies were given out
}

/** Regions alive, and their bytes. */
export function regionUse(): { recordings: number; bytes: number } {
  let bytes = 0;
  for (const region of regions) bytes += bytesOf(region);
  return { recordings: regions.size, bytes };
}

function bytesOf(chunks: readonly Chunk[]): number {
  return chunks.reduce((sum, chunk) => sum + chunk.end - chunk.start, 0);
}

function freeChunks(chunks: readonly Chunk[]): void {
  for (const { start, end } of chunks) freeBlock(start, end - start);
}

class Arena {
  /** Another number whenever memory that was handed out may be overwritten. */
  epoch = 0;
  #lastEpoch = 0;
  /** Storages made since then, and their bytes. */
  count = 0;
  bytes = 0;
  #chunks: Chunk[] = [];
  #at = -1;
  #top = 0;
  #end = 0;
  #firstChunk = FIRST_CHUNK;
  /** Loose storages copied in since the last open mark. */
  #copies: { epoch: number }[] | null = null;

  /** An address for `bytes` bytes, 16-byte aligned, not cleared. */
  allocate(bytes: number): number {
    const room = bytes + (-bytes & 15);
    if (this.#top + room > this.#end) this.#nextChunk(room);
    const address = this.#top;
    this.#top = address + room;
    this.count++;
    this.bytes += room;
    return address;
  }

  /** Everything handed out so far may be overwritten from now on. */
  restart(): void {
    this.forgetCopies();
    this.count = 0;
    this.bytes = 0;
    this.#enter(0);
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
    const mark = { at: this.#at, top: this.#top, end: this.#end, count, bytes, copies: this.#copies };
    this.#copies = [];
    return mark;
  }

  /** Everything handed out since the mark may be overwritten from now on. */
  release({ at, top, end, count, bytes, copies }: Mark): void {
    for (const storage of this.#copies ?? []) storage.epoch = -1;
    this.#copies = copies;
    this.#at = at;
    this.#top = top;
    this.#end = end;
    this.count = count;
    this.bytes = bytes;
  }

  /** Restarts when what lingers has piled up. */
  restartIfFull(): void {
    if (this.bytes > LINGERING) this.restart();
  }

  /**
   * Runs `body` on memory of its own. Loose tensors are copied in anew there, and anew outside when it returns.
   * @returns the memory, for `freeRegion`; also given back where `body` throws.
   */
  inRegion(body: () => void): Region {
    const outer = { at: this.#at, top: this.#top, end: this.#end };
    const { epoch, count, bytes } = this;
    const chunks = this.#chunks;
    const region: Chunk[] = [];
    this.#chunks = region;
    this.#firstChunk = FIRST_REGION_CHUNK;
    this.#enter(0);
    this.forgetCopies();
    let done = false;
    try {
      body();
      done = true;
    } finally {
      if (done) regions.add(region);
      else freeChunks(region);
      this.#chunks = chunks;
      this.#firstChunk = FIRST_CHUNK;
      this.#at = outer.at;
      this.#top = outer.top;
      this.#end = outer.end;
      Object.assign(this, { epoch, count, bytes });
    }
    hold(bytesOf(region));
    return region;
  }

  /** Bytes of all chunks, used or not. */
  get reservedBytes(): number {
    return bytesOf(this.#chunks);
  }

  #enter(index: number): void {
    const chunk = this.#chunks[index];
    this.#at = chunk === undefined ? -1 : index;
    this.#top = chunk?.start ?? 0;
    this.#end = chunk?.end ?? 0;
  }

  #nextChunk(room: number): void {
    for (let index = this.#at + 1; index < this.#chunks.length; index++) {
      const chunk = this.#chunks[index]!;
      if (chunk.end - chunk.start >= room) return this.#enter(index);
    }
    const last = this.#chunks.at(-1);
    const usual =
      last === undefined ? this.#firstChunk : Math.min(2 * (last.end - last.start), LARGEST_CHUNK);
    this.#chunks.push(reserve(room, Math.max(usual, room)));
    this.#enter(this.#chunks.length - 1);
  }
}

/** A chunk of `most` bytes, or of as many as there are, by halves, but not less than `least`. */
function reserve(least: number, most: number): Chunk {
  for (let bytes = most; ; bytes = Math.max(least, Math.floor(bytes / 2))) {
    try {
      const start = allocateBlock(bytes);
      return { start, end: start + bytes };
    } catch (error) {
      if (!(error instanceof OutOfMemoryError) || bytes === least) throw error;
    }
  }
}

export const arena: Arena = new Arena();
