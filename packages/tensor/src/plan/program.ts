/** A program: launches and host actions in the order in which they ran, ready to run again. */
import type { Kernels } from '../kernels/contract.ts';

type Kernel = (...args: number[]) => number | undefined;

/** Kernels that answer with a number: what JavaScript does with it cannot be replayed. */
const ANSWERS: ReadonlySet<string> = new Set(['maxAbs', 'sumSquares']);

export class Program {
  readonly #steps: (() => void)[] = [];

  /** How many steps a replay runs. */
  get length(): number {
    return this.#steps.length;
  }

  add(step: () => void): void {
    this.#steps.push(step);
  }

  run(): void {
    const steps = this.#steps;
    for (let i = 0; i < steps.length; i++) steps[i]!();
  }

  /** The same kernels, each launch kept as a step. `refuse` throws for those that cannot be. */
  over(kernels: Kernels, refuse: (what: string, cure: string) => never): Kernels {
    const kept = <K extends object>(family: K): K =>
      Object.fromEntries(
        (Object.entries(family) as [string, Kernel][]).map(([name, kernel]) => [
          name,
          (...args: number[]): void => {
            if (ANSWERS.has(name)) refuse(`${name} was asked for a number`, 'measure what the plan returns');
            const step = launch(kernel, args);
            step();
            this.#steps.push(step);
          },
        ]),
      ) as K;
    return {
      float32: kept(kernels.float32),
      float64: kept(kernels.float64),
      int32: kept(kernels.int32),
    };
  }
}

/** One launch as a call without arguments. Written out by their number: a spread costs more than most launches. */
function launch(kernel: Kernel, args: readonly number[]): () => void {
  const [a, b, c, d, e, f, g, h, i, j, k] = args as [
    ...[number, number, number, number, number, number],
    ...[number, number, number, number, number],
  ];
  switch (args.length) {
    case 3:
      return () => void kernel(a, b, c);
    case 5:
      return () => void kernel(a, b, c, d, e);
    case 7:
      return () => void kernel(a, b, c, d, e, f, g);
    case 8:
      return () => void kernel(a, b, c, d, e, f, g, h);
    case 10:
      return () => void kernel(a, b, c, d, e, f, g, h, i, j);
    case 11:
      return () => void kernel(a, b, c, d, e, f, g, h, i, j, k);
    default:
      return () => void kernel(...args);
  }
}
