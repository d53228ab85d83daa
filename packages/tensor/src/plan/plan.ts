/// <reference lib="esnext.disposable" preserve="true" />
/**
 * Plans: functions whose first run is recorded, and whose later calls replay the kernel launches.
 */
import { describeValue, ValueError } from '../errors.ts';
import { freeRegion, type Region } from '../memory/arena.ts';
import { withScope } from '../memory/scope.ts';
import { alias } from '../ops/copy.ts';
import { checkOptions } from '../options.ts';
import { Parameter } from '../parameter.ts';
import { runtime } from '../runtime.ts';
import { copyOutFor } from '../scope.ts';
import { flatten, mapTensors, once } from '../tree.ts';
import { requireTransparent } from './inputs.ts';
import { Recording } from './recording.ts';
import { type PlanStats, Recordings } from './recordings.ts';
import { isDue, verified } from './verify.ts';

/**
 * The registry must hold only the memory region. A recording references modules, which may
 * reference the plan, and would keep it alive forever.
 */
const dropped = new FinalizationRegistry<ReadonlySet<Region>>((regions) => {
  for (const region of regions) freeRegion(region);
});

/**
 * A planned function. Its memory is freed some time after the function is dropped, or by `using`.
 */
export type Plan<Args extends readonly unknown[], R> = ((...args: Args) => R) &
  Disposable & {
    /**
     * Counts of its calls. With many recordings and few replays a plan does not pay; `lastMiss`
     * says why.
     */
    readonly stats: PlanStats;
  };

/** Options of `plan`. */
export interface PlanOptions {
  /**
   * A check for development. With a number n above 0, the function runs beside some replays of each
   * recording: the first n, and numbers 1, 2, 4, 8, …. A result that differs in any bit is a
   * `PlanError`. The check does not change random numbers or results. Default: 0, no check.
   */
  readonly verify?: number;
}

/**
 * A faster function that computes the same bits as `fn`. The first call with arguments of some
 * shapes runs `fn` and records its kernel launches. Later calls replay the launches without the
 * JavaScript around them. For training steps and other small work that repeats:
 * `plan(valueAndGrad(model, loss))`.
 *
 * - Arguments and results are trees of tensors (arrays, plain objects), as for `scope`. Argument
 *   tensors are copied: `fn` sees other tensors with the same values. Modules and a `Random` are
 *   not copied. Another shape, dtype, number, string or module gets another recording. Pass numbers
 *   that change from call to call as tensors.
 * - Guarded: after a change, a new recording is made. Guarded are the fields of modules that `fn`
 *   uses, also in arrays, plain objects, maps and sets; trees whose gradients are taken; frozen
 *   flags, training mode and the kernels in use.
 * - Followed: each replay reads parameters and the arrays that `tensor` reads in `fn`, and draws
 *   random tensors in the same order.
 * - Frozen: variables and other objects from outside, `#private` fields, and side effects. `verify`
 *   finds differences.
 * - `fn` itself runs under a tape, in another plan, in `functionalCall`, and for a second call in
 *   one open scope.
 * - A plan keeps 8 recordings, or up to 64 in 64 MiB. Each keeps the memory of one run of `fn`.
 *   Beyond 8, four replays pay for a new recording. Without such credit `fn` itself runs, and
 *   `stats` says why.
 * @throws PlanError if `fn` reads a value (`item`, `toArray`), makes or writes a parameter, makes a
 * `Random`, or changes an argument or a field of a module, even if `fn` catches the error.
 * @throws PlanError for functions and objects of classes as arguments or results, and for gradients
 * of a tensor from outside that is also an argument.
 * @throws ValueError for an unknown option.
 * @example
 * const loss = (x: Tensor, y: Tensor) => crossEntropy(model.forward(x), y);
 * const step = plan(valueAndGrad(model, loss));
 * for (const { x, y } of windows) optimizer.update(step(x, y).grads);
 */
export function plan<Args extends readonly unknown[], R>(
  fn: (...args: Args) => R,
  options?: PlanOptions,
): Plan<Args, R> {
  if (typeof fn !== 'function')
    throw new ValueError(`plan: expected a function, got ${describeValue(fn)}; write plan((x) => …)`);
  const verify = requireVerify(options);
  const recordings = new Recordings();
  const planned = (...args: Args): R => {
    // A tape must receive every op, and a recording around this one every launch.
    if (runtime.recording || runtime.planner !== null || !runtime.replays) {
      recordings.unplanned++;
      return fn(...args);
    }
    return withScope(() => run(fn, args, recordings, verify), keepOfPlan, true);
  };
  dropped.register(planned, recordings.regions);
  Object.defineProperty(planned, 'stats', { get: () => recordings.stats });
  return Object.assign(planned as Plan<Args, R>, { [Symbol.dispose]: () => recordings.clear() });
}

const NONE: readonly unknown[] = flatten('plan', []);
const keepOfPlan = <R>(result: R): R => copyOutFor('plan', result);

function requireVerify(options: PlanOptions | undefined): number {
  checkOptions<PlanOptions>('plan', options, { verify: true });
  const { verify = 0 } = options ?? {};
  if (Number.isSafeInteger(verify) && verify >= 0) return verify;
  throw new ValueError(
    `plan: expected a whole number from 0 on for verify, got ${typeof verify === 'number' ? verify : describeValue(verify)}`,
  );
}

function run<Args extends readonly unknown[], R>(
  fn: (...args: Args) => R,
  args: Args,
  recordings: Recordings,
  verify: number,
): R {
  const flat = args.length === 0 ? NONE : flatten('plan', args);
  const current = recordings.take(flat);
  if (current === undefined) requireTransparent('arguments', flat);
  if (current === undefined ? !recordings.worthwhile : current.held) {
    recordings.unplanned++;
    return fn(...args);
  }
  if (current === undefined) {
    const recording = new Recording((inputs) => fn(...(inputs as unknown as Args)), args);
    recordings.add(recording);
    return recording.results() as R;
  }
  const replay = (): R => {
    recordings.replayed();
    current.replay(flat);
    return current.results() as R;
  };
  return isDue(current.replays + 1, verify) ? checked(fn, args, current, replay) : replay();
}

function checked<Args extends readonly unknown[], R>(
  fn: (...args: Args) => R,
  args: Args,
  current: Recording,
  replay: () => R,
): R {
  const aliased = once((x) => (x instanceof Parameter ? x : alias(x)));
  // If the check fails, the next call makes a new recording.
  current.disproved = true;
  const result = verified({
    run: () => fn(...args),
    runOnAliases: () => fn(...(mapTensors('plan', args, aliased) as unknown as Args)),
    replay,
  });
  current.disproved = false;
  return result;
}
