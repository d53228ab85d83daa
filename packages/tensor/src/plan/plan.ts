/// <reference lib="esnext.disposable" preserve="true" />
/** Plans: functions that run once as they are, and from then on as the bare launches that they made. */
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

/** It knows the memory alone: a recording knows modules, and from those there may be a way to the plan, which would then never be dropped. */
const dropped = new FinalizationRegistry<ReadonlySet<Region>>((regions) => {
  for (const region of regions) freeRegion(region);
});

/** A planned function. Its memory is given back some time after it is dropped, or by `using`. */
export type Plan<Args extends readonly unknown[], R> = ((...args: Args) => R) &
  Disposable & {
    /** What its calls did. Many recordings and few replays mean that planning does not pay: `lastMiss` says why. */
    readonly stats: PlanStats;
  };

/** Options of `plan`. */
export interface PlanOptions {
  /**
   * A check for development. With a number n above 0, the function itself runs beside some replays of each recording: the first n, and numbers
   * 1, 2, 4, 8, …. A result that differs in any bit is a `PlanError`. Random numbers, and so results, are those of a plan without the check.
   * Default: 0, no check.
   */
  readonly verify?: number;
}

/**
 * A function of tensors that computes the same as `fn`, faster: its first call with arguments of some shapes runs `fn` and keeps which
 * kernels it launched; later calls launch just those, with none of the JavaScript around them. Bits are the same. For training steps and
 * other small work that repeats: `plan(valueAndGrad(model, loss))`.
 *
 * - Arguments and results are trees of tensors (arrays, plain objects), as for `scope`. Arguments are copied in: inside, a tensor is another
 *   one than outside, of the same values. Modules and a `Random` are themselves. Another shape, dtype, number, string or module is recorded apart.
 *   Numbers that change from call to call belong in tensors.
 * - Guarded, so that a change is recorded anew: the fields of modules that `fn` uses, also in arrays, plain objects, maps and sets; trees that
 *   gradients are taken of; frozen flags, training mode and the kernels in use.
 * - Followed: the values of parameters, arrays that `tensor` reads inside, and random tensors, which are drawn anew in the same order.
 * - Frozen: variables and objects of other kinds that `fn` reads from outside, `#private` fields, and side effects. `verify` finds differences.
 * - `fn` itself runs under a tape, inside of another plan, within `functionalCall`, and for a second call within one open scope.
 * - A plan keeps 8 recordings, or up to 64 in 64 MiB: each keeps the memory that one run of `fn` computes in. Beyond 8, each four replays
 *   pay for a new recording. Where recordings are not replayed, `fn` itself runs, and `stats` says why.
 * @throws PlanError where `fn` reads a value (`item`, `toArray`), makes or writes a parameter, makes a `Random`, or changes an argument or a field of
 * a module, also where `fn` catches that; for functions and objects of classes as arguments or results; and for gradients of a tensor from outside
 * that is an argument as well. @throws ValueError for an unknown option.
 * @example
 * const step = plan(valueAndGrad(model, (x: Tensor, y: Tensor) => crossEntropy(model.forward(x), y)));
 * for (const { x, y } of windows) optimizer.update(step(x, y).grads);
 */
export function plan<Args extends readonly unknown[], R>(
  fn: (...args: Args) => R,
  options?: PlanOptions,
): Plan<Args, R> {
  if (typeof fn !== 'function')
    throw new ValueError(`plan: ${describeValue(fn)} came, a function was expected: plan((x) => …)`);
  const verify = requireVerify(options);
  const recordings = new Recordings();
  const planned = (...args: Args): R => {
    // A tape must hear of every op, and a recording of what it would launch.
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
  const flat = flatten('plan', args);
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
  // Should the check fail, the next call records anew.
  current.disproved = true;
  const result = verified({
    run: () => fn(...args),
    runOnAliases: () => fn(...(mapTensors('plan', args, aliased) as unknown as Args)),
    replay,
  });
  current.disproved = false;
  return result;
}
