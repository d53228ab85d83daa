/**
 * Chunks: the blocks of the heap that a bump pointer runs through. A restart keeps them, so that
 * the same requests get the same addresses. A large request gets a separate block: in a chunk it
 * would leave too much of the chunk before unused.
 */
import { OutOfMemoryError, ValueError } from '../errors.ts';
import { allocateBlock, freeBlock } from './blocks.ts';
import { heap } from './heap.ts';

const LARGEST_CHUNK = 1 << 26;
/**
 * Requests from this size on get a separate block. So at most an eighth of a chunk is unused at its
 * end.
 */
const LARGE = LARGEST_CHUNK >> 3;
/** No request can be larger than the address space. */
const MOST_BYTES = 2 ** 32;

interface Chunk {
  readonly start: number;
  readonly end: number;
}

interface LargeBlock extends Chunk {
  taken: boolean;
}

/** A position to which `returnTo` goes back. */
export interface Position {
  readonly at: number;
  readonly top: number;
  readonly end: number;
  readonly large: number;
}

export class Chunks {
  readonly #firstChunk: number;
  #chunks: Chunk[] = [];
  #at = -1;
  #top = 0;
  #end = 0;
  #large: LargeBlock[] = [];
  /** Large blocks in the order in which they were allocated. */
  readonly #taken: LargeBlock[] = [];

  /**
   * @param firstChunk bytes of the first chunk; each further one has twice as many, up to 64 MiB.
   */
  constructor(firstChunk: number) {
    this.#firstChunk = firstChunk;
  }

  /**
   * An address for `room` bytes, a multiple of 16, not cleared.
   * @throws OutOfMemoryError where the heap cannot grow.
   * @throws ValueError unless `room` is a whole number from 0 on.
   */
  allocate(room: number): number {
    const address = this.#top;
    const top = address + room;
    if (top <= this.#end && room >>> 0 === room) {
      this.#top = top;
      return address;
    }
    if (!(room >= 0 && room <= MOST_BYTES && Number.isInteger(room))) throw impossible(room);
    if (room >= LARGE) return this.#takeLarge(room);
    this.#nextChunk(room);
    return this.allocate(room);
  }

  /** All memory allocated so far may be overwritten from now on. */
  restart(): void {
    this.#releaseLarge(0);
    this.#enter(0);
  }

  get position(): Position {
    return { at: this.#at, top: this.#top, end: this.#end, large: this.#taken.length };
  }

  /** All memory allocated since then may be overwritten from now on. */
  returnTo({ at, top, end, large }: Position): void {
    this.#releaseLarge(large);
    this.#at = at;
    this.#top = top;
    this.#end = end;
  }

  /** Bytes of all blocks, in use or not. */
  get bytes(): number {
    return [...this.#chunks, ...this.#large].reduce((sum, { start, end }) => sum + end - start, 0);
  }

  /** Frees the blocks that were not used since the last restart. @returns their bytes. */
  freeUnused(): number {
    const before = this.bytes;
    for (const { start, end } of this.#chunks.splice(this.#at + 1)) freeBlock(start, end - start);
    for (const { start, end } of this.#large.filter(({ taken }) => !taken)) freeBlock(start, end - start);
    this.#large = this.#large.filter(({ taken }) => taken);
    return before - this.bytes;
  }

  /** Frees all blocks. @returns their bytes. */
  freeAll(): number {
    this.#releaseLarge(0);
    this.#at = -1;
    this.#top = this.#end = 0;
    return this.freeUnused();
  }

  #releaseLarge(keep: number): void {
    for (const block of this.#taken.splice(keep)) block.taken = false;
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

  /**
   * The first free large block with that room. The order matters: see `moveDown` in `segment.ts`.
   */
  #takeLarge(room: number): number {
    let block = this.#large.find(({ taken, start, end }) => !taken && end - start >= room);
    if (block === undefined) {
      block = { ...reserve(room, room), taken: true };
      this.#large.push(block);
    }
    block.taken = true;
    this.#taken.push(block);
    return block.start;
  }
}

/** A chunk of `most` bytes, or of half as many, and so on, but of at least `least`. */
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

function impossible(bytes: number): ValueError | OutOfMemoryError {
  return bytes > MOST_BYTES
    ? new OutOfMemoryError(bytes, heap.byteLength, 'no heap can be larger than 4 GiB')
    : new ValueError(`allocate: expected a whole number of bytes from 0 on, got ${bytes}`);
}
