/** A program: launches and host actions in the order in which they ran, ready to run again. */
import type { Kernels } from '../kernels/contract.ts';
import { arena } from '../memory/arena.ts';
import { type Kernel, type Launch, replayOf, wordsOf } from './table.ts';

/** Kernels that answer with a number: what JavaScript does with it cannot be replayed. */
const ANSWERS: ReadonlySet<string> = new Set(['maxAbs', 'sumSquares']);

export class Program {
  readonly #steps: (() => void)[] = [];
  /** Launches since the last step, as words. */
  #words: number[] = [];

  /** A step that is no launch. */
  add(step: () => void): void {
    this.#flush();
    this.#steps.push(step);
  }

  /** Nothing comes any more. Call it in the memory that the program runs in: its launches are kept there. */
  seal(): void {
    this.#flush();
  }

  run(): void {
    const steps = this.#steps;
    for (let i = 0; i < steps.length; i++) steps[i]!();
  }

  /** The same kernels, each launch kept. `unsupported` throws for those that cannot be. */
  over(kernels: Kernels, unsupported: (what: string, cure: string) => never): Kernels {
    const kept = <K extends object>(dtype: Launch['dtype'], family: K): K =>
      Object.fromEntries(
        (Object.entries(family) as [string, Kernel][]).map(([name, kernel]) => [
          name,
          (...args: number[]): void => {
            if (ANSWERS.has(name))
              unsupported(`${name} was asked for a number`, 'measure what the plan returns');
            kernel(...args);
            this.#launched({ name, dtype, kernel, args });
          },
        ]),
      ) as K;
    return {
      float32: kept('float32', kernels.float32),
      float64: kept('float64', kernels.float64),
      int32: kept('int32', kernels.int32),
    };
  }

  #launched(launch: Launch): void {
    const words = wordsOf(launch);
    if (words !== null) this.#words.push(...words);
    else {
      const { kernel, args } = launch;
      this.add(() => void kernel(...args));
    }
  }

  #flush(): void {
    if (this.#words.length === 0) return;
    this.#steps.push(replayOf(this.#words, arena.allocate(4 * this.#words.length)));
    this.#words = [];
  }
}
