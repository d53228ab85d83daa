/** One recording of a function: its program, the memory that it runs in, and its guards. */
import { PlanError } from '../errors.ts';
import type { Kernels } from '../kernels/contract.ts';
import { arena, type Region, Scope } from '../memory/arena.ts';
import { refusePromise } from '../memory/scope.ts';
import { Storage } from '../memory/storage.ts';
import { copyRun } from '../ops/copy.ts';
import { address, output } from '../ops/launch.ts';
import { contiguous } from '../ops/views.ts';
import { Parameter } from '../parameter.ts';
import { runtime, withRuntime } from '../runtime.ts';
import { layoutOf, shapeOf, Tensor } from '../tensor.ts';
import { flatten, mapTensors, once } from '../tree.ts';
import { Blocks } from './blocks.ts';
import { isContainer } from './containers.ts';
import { Guards } from './guards.ts';
import { fill, inputFor, requireTransparent } from './inputs.ts';
import type { Planner } from './planner.ts';
import { Program } from './program.ts';
import { compatible } from './snapshot.ts';

/**
 * Tensors whose addresses differ by a multiple of 4 KiB share the same few places of the first
 * cache, and a fused kernel uses up to twenty at once. So large ones are kept this far apart.
 */
const SPACE = 192;
const LARGE = 1024;

export class Recording {
  readonly #program = new Program();
  readonly #kernels: Kernels = runtime.kernels;
  readonly #guards = new Guards();
  readonly #blocks = new Blocks();
  /** Tensors from outside whose gradients were taken. */
  readonly #watched = new WeakSet<object>();
  /** The arguments that the function saw, flat: copies of tensors, and everything else itself. */
  readonly #inputs: unknown[] = [];
  #result: unknown;
  /** Owns what the program computes. Open while it runs. */
  readonly #scope = new Scope(null, true);
  /** The memory of the program. */
  readonly region: Region;
  /** The first error of the function's run that was unsupported or a failed host call. */
  #failure: Error | null = null;
  /** The scope that holds the results of the last run. */
  #heldBy: Scope | null = null;
  /** The number of replays. */
  replays = 0;
  /** Whether a check found a difference from the function. */
  disproved = false;

  /** Runs `fn`, and records it. */
  constructor(fn: (args: readonly unknown[]) => unknown, args: readonly unknown[]) {
    this.region = arena.inRegion(() => {
      const inputs = this.#inScope(() => mapTensors('plan', args, once(inputFor))) as readonly unknown[];
      flatten('plan', inputs, this.#inputs);
      const outer = flatten('plan', args);
      fill(this.#inputs, outer);
      for (const each of outer) if (isContainer(each)) this.#guards.fields(each as object);
      const planner = this.#planner(new Set(outer));
      const kernels = this.#program.over(this.#kernels, planner.unsupported);
      this.#result = this.#inScope(() =>
        withRuntime({ planner, kernels }, () =>
          mapTensors(
            'plan',
            refusePromise(fn(inputs)),
            once((x) => this.#placed(x)),
          ),
        ),
      );
      // The function may have caught it. The recording is then of the wrong branch.
      if (this.#failure !== null) throw this.#failure;
      this.#requireRepeatable(inputs);
      for (const each of flatten('plan', this.#result)) {
        if (each instanceof Tensor) this.#blocks.keep(each.storage);
      }
      this.#program.seal(this.#blocks);
    });
  }

  /**
   * @throws PlanError for results that a replay cannot make, and for arguments and fields that the
   * function has changed.
   */
  #requireRepeatable(inputs: unknown): void {
    requireTransparent('results', flatten('plan', this.#result));
    const now = flatten('plan', inputs);
    if (now.length !== this.#inputs.length || now.some((each, i) => !Object.is(each, this.#inputs[i])))
      throw notRepeatable('an argument changed', 'return the new value');
    const field = this.#guards.seal();
    if (field !== null)
      throw notRepeatable(`${field} changed`, 'return the new value, or set it before the first call');
  }

  /** Whether the arguments are compatible with those of the recording. */
  accepts(args: readonly unknown[]): boolean {
    if (args.length !== this.#inputs.length) return false;
    for (let i = 0; i < args.length; i++) {
      const arg = args[i];
      if (!compatible(this.#inputs[i], arg)) return false;
      // One tensor in two places must have been in both places before.
      if (arg instanceof Tensor && args.indexOf(arg) !== this.#inputs.indexOf(this.#inputs[i])) return false;
    }
    return true;
  }

  /**
   * A description of what has changed since the recording. Null: a replay computes what the
   * function would.
   */
  changed(args: readonly unknown[]): string | null {
    if (this.disproved) return 'a recording that the function did not equal';
    if (this.#kernels !== runtime.kernels) return 'the kernels in use';
    for (const each of args) {
      if (each instanceof Tensor && this.#watched.has(each))
        return 'an argument, of which gradients are taken from outside';
    }
    return this.#guards.changed();
  }

  /** Whether an open scope holds results of an earlier run, which another run would overwrite. */
  get held(): boolean {
    return this.#heldBy?.open === true;
  }

  /** Runs the program on other, compatible arguments. */
  replay(args: readonly unknown[]): void {
    this.replays++;
    fill(this.#inputs, args);
    this.#inScope(() => this.#program.run());
  }

  /** The results of the last run, as tensors of the open scope. */
  results(): unknown {
    const { scope } = runtime;
    if (typeof this.#result !== 'object') return this.#result;
    this.#heldBy = scope;
    const handle = (x: Tensor): Tensor => {
      if (x instanceof Parameter) return x;
      const { dtype, length, address, origin } = x.storage;
      return new Tensor(new Storage(dtype, length, scope, null, address, origin), shapeOf(x), null, x.offset);
    };
    return mapTensors('plan', this.#result, once(handle));
  }

  /** A result at a fixed address in this memory, contiguous. */
  #placed(x: Tensor): Tensor {
    if (x instanceof Parameter || (layoutOf(x) === null && x.storage.scope === this.#scope)) return x;
    const source = contiguous(x);
    const y = output(x.storage.origin, x.dtype, shapeOf(x));
    copyRun(x.dtype, x.size, address(source), address(y));
    return y;
  }

  /** @param outer the caller's arguments. */
  #planner(outer: ReadonlySet<unknown>): Planner {
    const seen = new Set<object>();
    const hostCall = (action: () => void, reads: readonly { readonly address: number }[]): void => {
      for (const storage of reads) this.#blocks.keep(storage);
      try {
        withRuntime({ planner: null, kernels: this.#kernels }, action);
      } catch (error) {
        this.#failure ??= error as Error;
        throw error;
      }
      this.#program.add(action);
    };
    const unsupported = (what: string, cure: string): never => {
      const error = notRepeatable(what, cure);
      this.#failure ??= error;
      throw error;
    };
    return {
      hostCall,
      hostCallOnce: (key, action) => {
        if (seen.has(key)) return;
        seen.add(key);
        hostCall(action, []);
      },
      allocated: (address, bytes) => {
        this.#blocks.add(address, bytes);
        if (bytes >= LARGE) arena.allocate(SPACE);
      },
      used: this.#guards.used,
      guard: (object, property, value) => this.#guards.property(object, property, value),
      setProperty: (object, property, set) => {
        hostCall(set, []);
        this.#guards.written(object, property);
      },
      guardFields: (object) => this.#guards.fields(object),
      watch: (leaf) => {
        if (leaf instanceof Parameter) return;
        if (outer.has(leaf))
          unsupported(
            'gradients were taken of a tensor from outside that is an argument as well',
            'take them of the argument: valueAndGrad(fn)(x)',
          );
        this.#watched.add(leaf);
      },
      unsupported,
      random: new WeakSet(),
    };
  }

  /**
   * Runs `body` in this recording's scope. Outer scopes are closed: their tensors have other
   * addresses in each call.
   */
  #inScope<R>(body: () => R): R {
    const outer = runtime.scope;
    const closed: Scope[] = [];
    for (let scope = outer; scope !== null; scope = scope.parent) if (scope.open) closed.push(scope);
    for (const scope of closed) scope.open = false;
    this.#scope.open = true;
    runtime.scope = this.#scope; // not withRuntime: every replay passes here
    try {
      return body();
    } finally {
      runtime.scope = outer;
      this.#scope.open = false;
      for (const scope of closed) scope.open = true;
    }
  }
}

function notRepeatable(what: string, cure: string): PlanError {
  return new PlanError(`plan: ${what} inside, which a replay could not repeat; ${cure}`);
}
