/** A program: launches and host calls in the order in which they ran. It can run again. */
import type { Kernels } from '../kernels/contract.ts';
import { arena } from '../memory/arena.ts';
import type { Blocks, Step } from './blocks.ts';
import { fuse } from './fuse.ts';
import { encodeLaunch, type Kernel, type Launch, writeLaunches } from './launch-buffer.ts';

/** Kernels that return a number. A replay cannot repeat what JavaScript does with it. */
const RETURN_NUMBERS: ReadonlySet<string> = new Set(['maxAbs', 'sumSquares']);

/** The replay before which launches are fused. Programs that end earlier do not pay for it. */
export const FUSED_AT = 32;

export class Program {
  /** Until they are fused. */
  #recorded: Step[] = [];
  #blocks: Blocks | null = null;
  #steps: (() => void)[] = [];
  /** Memory of the launches, and its words. */
  #address = 0;
  #room = 0;
  #runs = 0;

  /** A step that is no launch. */
  add(step: () => void): void {
    this.#recorded.push(step);
  }

  /**
   * Ends the program. Call it in the memory that the program runs in, which stores its launches.
   */
  seal(blocks: Blocks): void {
    this.#blocks = blocks;
    this.#write(blocks.reuse(this.#recorded));
  }

  #write(steps: readonly Step[]): void {
    /** Words of consecutive launches, and functions. */
    const parts: (number[] | (() => void))[] = [];
    for (const step of steps) {
      const encoded = typeof step === 'function' ? null : encodeLaunch(step);
      const before = parts.at(-1);
      if (encoded === null)
        parts.push(typeof step === 'function' ? step : () => void step.kernel(...step.args));
      else if (Array.isArray(before)) before.push(...encoded);
      else parts.push(encoded);
    }
    const words = parts.reduce((sum, part) => sum + (Array.isArray(part) ? part.length : 0), 0);
    if (this.#runs === 0 && words > 0) [this.#room, this.#address] = [words, arena.allocate(4 * words)];
    if (words > this.#room) return;
    let at = this.#address;
    this.#steps = parts.map((part) => {
      if (!Array.isArray(part)) return part;
      const run = writeLaunches(part, at);
      at += 4 * part.length;
      return run;
    });
  }

  run(): void {
    if (++this.#runs === FUSED_AT) this.#fuse(this.#blocks!);
    const steps = this.#steps;
    for (let i = 0; i < steps.length; i++) steps[i]!();
  }

  #fuse(blocks: Blocks): void {
    this.#write(blocks.reuse(fuse(this.#recorded, blocks)));
    [this.#recorded, this.#blocks] = [[], null];
  }

  /**
   * The same kernels, with each launch recorded. `unsupported` throws for kernels that return a
   * number.
   */
  over(kernels: Kernels, unsupported: (what: string, cure: string) => never): Kernels {
    const recorded = <K extends object>(dtype: Launch['dtype'], family: K): K =>
      Object.fromEntries(
        (Object.entries(family) as [string, Kernel][]).map(([name, kernel]) => [
          name,
          (...args: number[]): void => {
            if (RETURN_NUMBERS.has(name))
              unsupported(`${name} was asked for a number`, 'measure what the plan returns');
            kernel(...args);
            this.#recorded.push({ name, dtype, kernel, args });
          },
        ]),
      ) as K;
    return {
      float32: recorded('float32', kernels.float32),
      float64: recorded('float64', kernels.float64),
      int32: recorded('int32', kernels.int32),
    };
  }
}
