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
}

export class Blocks {
  readonly #blocks: Block[] = [];
  /** Starts of blocks that more than launches use. */
  readonly #kept = new Set<number>();

  /** A block was allocated. Blocks do not overlap. */
  add(start: number, bytes: number): void {
    if (bytes > 0) this.#blocks.push({ start, end: start + bytes });
  }

  /** JavaScript reads this storage, or the plan returns it: no other tensor gets its block. */
  keep({ address }: { readonly address: number }): void {
    this.#kept.add(address);
  }

  /** The launches, with addresses of reused blocks in place of those of the recording. */
  reused(steps: readonly Step[]): Step[] {
    this.#blocks.sort((a, b) => a.start - b.start);
    const used = steps.map((step) => (typeof step === 'function' ? [] : this.#usedBy(step)));
    const lastUse = new Map<Block, number>();
    used.forEach((blocks, i) => {
      for (const block of blocks) if (block !== undefined) lastUse.set(block, i);
    });
    /** Where each block is now, and free places by size. */
    const places = new Map<Block, number>();
    const free = new Map<number, number[]>();
    return steps.map((step, i) => {
      if (typeof step === 'function') return step;
      const args = [...step.args];
      addressesOf(step.name).forEach((position, at) => {
        const block = used[i]![at];
        if (block === undefined) return;
        const place = places.get(block) ?? free.get(block.end - block.start)?.pop() ?? block.start;
        places.set(block, place);
        args[position]! += place - block.start;
      });
      for (const block of new Set(used[i])) {
        if (block === undefined || lastUse.get(block) !== i) continue;
        const size = block.end - block.start;
        const others = free.get(size);
        if (others === undefined) free.set(size, [places.get(block)!]);
        else others.push(places.get(block)!);
      }
      return { ...step, args };
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
