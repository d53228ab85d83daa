/** Profiles: the time of every launch, by kernel and by phase of the training step. */

import { hostCall } from '../effects.ts';
import { requireFunction } from '../errors.ts';
import { type Phase, runtime } from '../runtime.ts';
import type { Kernels } from './contract.ts';
import { type Cost, costOf } from './cost-model.ts';

/** Runs `body` with its launches counted under another phase. */
export function inPhase<R>(next: Phase, body: () => R): R {
  const before = runtime.phase;
  enter(next);
  try {
    return body();
  } finally {
    enter(before);
  }
}

/** A host call, so that a replay is counted under the phases of what it repeats. */
function enter(phase: Phase): void {
  hostCall(() => {
    runtime.phase = phase;
  }, []);
}

/** Receives a launch: its times by the clock, and its cost. */
type Launched = (kernel: string, began: number, ended: number, cost: Cost) => void;

/** The same kernels, with each launch reported. */
export function timedKernels(kernels: Kernels, now: () => number, launched: Launched): Kernels {
  const timed = <K extends object>(plain: K, elementBytes: number): K => {
    const entries = Object.entries(plain) as [string, (...args: number[]) => number | undefined][];
    return Object.fromEntries(
      entries.map(([name, kernel]) => [
        name,
        (...args: number[]) => {
          const began = now();
          const result = kernel(...args);
          launched(name, began, now(), costOf(name, args, elementBytes));
          return result;
        },
      ]),
    ) as K;
  };
  return {
    float32: timed(kernels.float32, 4),
    float64: timed(kernels.float64, 8),
    int32: timed(kernels.int32, 4),
  };
}

/** What one kernel did in one phase. */
export interface ProfileRow extends Cost {
  /** null for time outside of launches. */
  readonly phase: Phase | null;
  /** `matmul`, `tanh`, …, and `between kernels` for JavaScript. */
  readonly kernel: string;
  readonly calls: number;
  readonly milliseconds: number;
}

interface Count {
  calls: number;
  milliseconds: number;
  flops: number;
  bytes: number;
}

/**
 * Counts launches between `start` and `stop`. Timing costs about 0.1 µs per launch, counted as time
 * between kernels.
 */
export class KernelProfile {
  readonly #now: () => number;
  readonly #counts = new Map<string, Count>();
  readonly #over = new Map<Kernels, Kernels>();
  #began = 0;
  #total = 0;

  /**
   * @param now a clock in milliseconds, such as `() => performance.now()`. The library reads no
   * clock itself.
   */
  constructor(now: () => number) {
    requireFunction('KernelProfile', now, 'new KernelProfile(clock), whose clock gives milliseconds');
    this.#now = now;
  }

  /** Milliseconds between start and stop, in total. */
  get total(): number {
    return this.#total;
  }

  /**
   * By phase, the longest first. The last row is the time between kernels, so that all rows add up
   * to the total.
   */
  get rows(): ProfileRow[] {
    const rows = [...this.#counts].map(([key, count]) => {
      const [name, kernel] = key.split(' ') as [Phase, string];
      return { phase: name, kernel, ...count };
    });
    rows.sort((a, b) => b.milliseconds - a.milliseconds);
    const inKernels = rows.reduce((sum, row) => sum + row.milliseconds, 0);
    return [
      ...(['forward', 'backward', 'update'] as const).flatMap((each) =>
        rows.filter((row) => row.phase === each),
      ),
      {
        phase: null,
        kernel: 'between kernels',
        calls: 0,
        milliseconds: this.#total - inKernels,
        flops: 0,
        bytes: 0,
      },
    ];
  }

  /** Starts the clock. */
  start(): void {
    this.#began = this.#now();
  }

  /** Stops the clock. */
  stop(): void {
    this.#total += this.#now() - this.#began;
  }

  /** The same kernels, with each launch counted. */
  over(kernels: Kernels): Kernels {
    let counted = this.#over.get(kernels);
    if (counted === undefined) {
      counted = timedKernels(kernels, this.#now, (name, began, ended, cost) =>
        this.#add(name, ended - began, cost),
      );
      this.#over.set(kernels, counted);
    }
    return counted;
  }

  #add(name: string, milliseconds: number, amount: Cost): void {
    const key = `${runtime.phase} ${name}`;
    let count = this.#counts.get(key);
    if (count === undefined) {
      count = { calls: 0, milliseconds: 0, flops: 0, bytes: 0 };
      this.#counts.set(key, count);
    }
    count.calls++;
    count.milliseconds += milliseconds;
    count.flops += amount.flops;
    count.bytes += amount.bytes;
  }
}
