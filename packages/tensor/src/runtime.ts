/**
 * The runtime: everything that can change what `a.mul(b)` does, besides its operands. Ops and loops
 * read these fields; `withRuntime` changes some of them while a function runs. Nothing else in the
 * packages switches behavior globally.
 *
 * Layers above this package keep their fields here too. Where a type belongs to them, the field is
 * an opaque object here, and the named module gives it its type.
 */
import { defaultBuild, defaultKernels } from './kernels/builds.ts';
import type { KernelBuild, Kernels } from './kernels/contract.ts';
import type { Scope } from './memory/arena.ts';
import type { Planner } from './plan/planner.ts';

/** The part of a training step that launches are counted under. */
export type Phase = 'forward' | 'backward' | 'update';

/** What the runtime calls on a recorder. `Recorder` in `recorder.ts` has the precise types. */
export interface OpenRecorder {
  record(
    name: string,
    inputs: readonly object[],
    params: unknown,
    output: object,
    others: readonly object[] | null,
  ): void;
  beforeWrite(storage: object, what: string): void;
  readonly differentiates?: false;
}

/** Random values of one run of a checkpointed function. */
export interface RandomLog {
  readonly values: unknown[];
  /** Index of the next value to replay; null in the first run, which appends. */
  next: number | null;
}

/**
 * Sets something up, runs `body`, and undoes it, also after an error. May be called again later.
 */
export type ContextWrapper = <R>(body: () => R) => R;

export interface Runtime {
  /** The innermost open scope, whose arena holds results; null outside of all scopes. */
  scope: Scope | null;
  /** Kernels that ops launch: those of a build, or wrapped by a profile or a plan. */
  kernels: Kernels;
  /** The chosen build. */
  kernelBuild: KernelBuild;
  /** Where a profile counts launches. */
  phase: Phase;

  /**
   * Recorders that receive each primitive, outermost first. Change it with the functions of
   * `recorder.ts`.
   */
  recorders: readonly OpenRecorder[];
  /**
   * Recorders that may reject a write to a persistent storage: the open ones, and those that are
   * paused.
   */
  writeGuards: readonly OpenRecorder[];
  /** Whether there are recorders: all that an op checks. */
  recording: boolean;
  /**
   * Whether one of the recorders is a tape, so that nothing that it recorded may change in place.
   */
  differentiating: boolean;

  /**
   * The plan that is being recorded. It receives launches through `kernels`, everything else
   * through `effects.ts`.
   */
  planner: Planner | null;
  /** Whether plans may replay; otherwise they run their functions. */
  replays: boolean;
  /**
   * For each source of random numbers that was drawn from, what restores its state; null while
   * draws are not tracked.
   */
  draws: Map<object, () => void> | null;

  // @chronograd/autograd
  /** Whether `checkpoint` recomputes; otherwise it runs its function once. */
  checkpoints: boolean;
  /** How many checkpointed functions are running, one inside the other. */
  checkpointDepth: number;
  /** Random values of the running checkpointed functions, outermost first. */
  randomLogs: readonly RandomLog[];
  /**
   * What `withContext` has set up, outermost first: a checkpoint sets it up again in the backward
   * pass.
   */
  contexts: readonly ContextWrapper[];
  /** Whether `detectAnomaly` checks each op. */
  checkAnomalies: boolean;
  /** Says where ops run, so that tapes note it; null where it does not matter. */
  locate: (() => unknown) | null;
  /**
   * In a backward pass whose ops are located: the tape's entry, or the sums of the inputs'
   * gradients.
   */
  backwardOf: { readonly place: unknown } | 'inputs' | null;

  // @chronograd/nn
  /** Paths of the running modules, outermost first, while anomalies are located. */
  modulePath: readonly string[];
  /** The step of the innermost running time loop. */
  timeStep: number | null;
  /** Where the innermost running time loop began: see `probing.ts`. */
  timeLoop: readonly number[] | null;
  /** Whether modules are in evaluation mode, whatever their own mode is: while a stream runs. */
  evaluating: boolean;
  /** The innermost probe that observes cells: `Probe` in `probing.ts`. */
  probe: object | null;
  /** What the innermost running time loop drew for all its steps: `SequenceDraws` of nn. */
  sequence: object | null;
}

export const runtime: Runtime = {
  scope: null,
  kernels: defaultKernels,
  kernelBuild: defaultBuild,
  phase: 'forward',
  recorders: [],
  writeGuards: [],
  recording: false,
  differentiating: false,
  planner: null,
  replays: true,
  draws: null,
  checkpoints: true,
  checkpointDepth: 0,
  randomLogs: [],
  contexts: [],
  checkAnomalies: false,
  locate: null,
  backwardOf: null,
  modulePath: [],
  timeStep: null,
  timeLoop: null,
  evaluating: false,
  probe: null,
  sequence: null,
};

/**
 * Runs `body` with some fields changed, and restores those fields afterwards, also after an error.
 */
export function withRuntime<R>(change: Partial<Runtime>, body: () => R): R {
  const before: Partial<Runtime> = {};
  for (const name in change) copyField(name as keyof Runtime, runtime, before);
  Object.assign(runtime, change);
  try {
    return body();
  } finally {
    Object.assign(runtime, before);
  }
}

function copyField<K extends keyof Runtime>(name: K, from: Runtime, to: Partial<Runtime>): void {
  to[name] = from[name];
}
