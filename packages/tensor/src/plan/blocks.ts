/**
 * Reuse of memory in a plan. While a function is recorded, every tensor gets a separate block. A
 * plan knows when a block is used for the last time, and gives it to a later tensor of the same
 * size. The memory of a training step then fits into the caches of the processor more often.
 */
import { addressesOf } from '../kernels/addresses.ts';
import type { Launch } from './launch-buffer.ts';

/** A launch, or JavaScript that runs between launches. */
export type Step = Launch | (() => void);

/** The memory of one tensor that the function computed. */
interface Block {
  readonly start: number;
  readonly end: number;
  /** Where the tensor is in replays; null until its first launch. */
  place: number | null;
}

const NONE: readonly (Block | undefined)[] = [];

export class Blocks {
  readonly #blocks: Block[] = [];
  /** Starts of blocks that more than launches use. */
  readonly #kept = new Set<number>();

  /** A block was allocated. Blocks do not overlap. */
  add(start: number, bytes: number): void {
    if (bytes > 0) this.#blocks.push({ start, end: start + bytes, place: null });
  }

  /** JavaScript reads this storage, or the plan returns it: no other tensor gets its block. */
  keep({ address }: { readonly address: number }): void {
    this.#kept.add(address);
  }

  /** Writes the addresses of reused blocks into the arguments of the launches. */
  reuse(steps: readonly Step[]): void {
    this.#blocks.sort((a, b) => a.start - b.start);
    const used = steps.map((step) => (typeof step === 'function' ? NONE : this.#usedBy(step)));
    const lastUse = new Map<Block, number>();
    used.forEach((blocks, i) => {
      for (const block of blocks) if (block !== undefined) lastUse.set(block, i);
    });
    /** Places by size that no block needs any more. */
    const free = new Map<number, number[]>();
    steps.forEach((step, i) => {
      if (typeof step === 'function') return;
      const positions = addressesOf(step.name);
      used[i]!.forEach((block, at) => {
        if (block === undefined) return;
        block.place ??= free.get(block.end - block.start)?.pop() ?? block.start;
        step.args[positions[at]!]! += block.place - block.start;
      });
      for (const block of used[i]!) {
        if (block === undefined || lastUse.get(block) !== i) continue;
        lastUse.delete(block); // the launch may use it twice
        const size = block.end - block.start;
        const places = free.get(size);
        if (places === undefined) free.set(size, [block.place!]);
        else places.push(block.place!);
      }
    });
  }

  /** The blocks that a launch uses, in the order of its addresses. */
  #usedBy({ name, args }: Launch): (Block | undefined)[] {
    return addressesOf(name).map((position) => this.#at(args[position]!));
  }

  /** The block around an address; undefined for other memory. */
  #at(address: number): Block | undefined {
    let low = 0;
    let high = this.#blocks.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#blocks[middle]!.end <= address) low = middle + 1;
      else high = middle;
    }
    const block = this.#blocks[low];
    return block !== undefined && block.start <= address && !this.#kept.has(block.start) ? block : undefined;
  }
}
