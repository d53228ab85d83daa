/** A program: launches and host calls in the order in which they ran. It can run again. */
import type { Kernels } from '../kernels/contract.ts';
import { arena } from '../memory/arena.ts';
import type { Blocks, Step } from './blocks.ts';
import { encodeLaunch, type Kernel, type Launch, writeLaunches } from './launch-buffer.ts';

/** Kernels that return a number. A replay cannot repeat what JavaScript does with it. */
const RETURN_NUMBERS: ReadonlySet<string> = new Set(['maxAbs', 'sumSquares']);

export class Program {
  #recorded: Step[] = [];
  readonly #steps: (() => void)[] = [];

  /** A step that is no launch. */
  add(step: () => void): void {
    this.#recorded.push(step);
  }

  /**
   * Ends the program. Call it in the memory that the program runs in, which stores its launches.
   */
  seal(blocks: Blocks): void {
    let words: number[] = [];
    const flush = (): void => {
      if (words.length > 0) this.#steps.push(writeLaunches(words, arena.allocate(4 * words.length)));
      words = [];
    };
    blocks.reuse(this.#recorded);
    for (const step of this.#recorded) {
      const encoded = typeof step === 'function' ? null : encodeLaunch(step);
      if (encoded !== null) words.push(...encoded);
      else {
        flush();
        this.#steps.push(typeof step === 'function' ? step : () => void step.kernel(...step.args));
      }
    }
    flush();
    this.#recorded = [];
  }

  run(): void {
    const steps = this.#steps;
    for (let i = 0; i < steps.length; i++) steps[i]!();
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
