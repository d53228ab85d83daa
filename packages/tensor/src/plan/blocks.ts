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
export interface Block {
  readonly start: number;
  readonly end: number;
}

const NONE: readonly (Block | undefined)[] = [];

export class Blocks {
  #blocks: Block[] = [];
  #sorted = true;
  /** Starts of blocks that more than launches use. */
  readonly #kept = new Set<number>();

  /** A block was allocated. Blocks do not overlap. */
  add(start: number, bytes: number): void {
    if (bytes <= 0) return;
    this.#blocks.push({ start, end: start + bytes });
    this.#sorted = false;
  }

  /** JavaScript reads this storage, or the plan returns it: no other tensor gets its block. */
  keep({ address }: { readonly address: number }): void {
    this.#kept.add(address);
  }

  /** The launches with the addresses of reused blocks among their arguments. */
  reuse(steps: readonly Step[]): Step[] {
    const used = steps.map((step) =>
      typeof step === 'function'
        ? NONE
        : this.usedBy(step).map((block) => (block && this.isKept(block) ? undefined : block)),
    );
    const lastUse = new Map<Block, number>();
    used.forEach((blocks, i) => {
      for (const block of blocks) if (block !== undefined) lastUse.set(block, i);
    });
    /** Places by size that no block needs any more. */
    const free = new Map<number, number[]>();
    const places = new Map<Block, number>();
    return steps.map((step, i) => {
      if (typeof step === 'function') return step;
      const args = [...step.args];
      const positions = positionsOf(step);
      used[i]!.forEach((block, at) => {
        if (block === undefined) return;
        const place = places.get(block) ?? free.get(block.end - block.start)?.pop() ?? block.start;
        places.set(block, place);
        args[positions[at]!]! += place - block.start;
      });
      for (const block of used[i]!) {
        if (block === undefined || lastUse.get(block) !== i) continue;
        lastUse.delete(block); // the launch may use it twice
        const size = block.end - block.start;
        const others = free.get(size);
        if (others === undefined) free.set(size, [places.get(block)!]);
        else others.push(places.get(block)!);
      }
      return { ...step, args };
    });
  }

  /** The blocks that a launch uses, in the order of its addresses. */
  usedBy(launch: Launch): (Block | undefined)[] {
    return positionsOf(launch).map((position) => this.find(launch.args[position]!));
  }

  /** Whether more than launches use it. */
  isKept({ start }: Block): boolean {
    return this.#kept.has(start);
  }

  /** The block around an address; undefined for other memory. */
  find(address: number): Block | undefined {
    if (!this.#sorted) this.#blocks.sort((a, b) => a.start - b.start);
    this.#sorted = true;
    let low = 0;
    let high = this.#blocks.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#blocks[middle]!.end <= address) low = middle + 1;
      else high = middle;
    }
    const block = this.#blocks[low];
    return block !== undefined && block.start <= address ? block : undefined;
  }
}

const positionsOf = ({ name, addresses }: Launch): readonly number[] => addresses ?? addressesOf(name);
