/// <reference lib="esnext.disposable" preserve="true" />
/** Plans: functions that run once as they are, and from then on as the bare launches that they made. */
import { describeValue, PlanError, ValueError } from '../errors.ts';
import { freeRegion, type Region } from '../memory/arena.ts';
import { withScope } from '../memory/scope.ts';
import { recording } from '../recorder.ts';
import { keepTensors } from '../scope.ts';
import { flatten } from '../tree.ts';
import { planning, replaysOff } from './planner.ts';
import { Recording } from './recording.ts';
import { Recordings } from './recordings.ts';

/** It knows the memory alone: a recording knows modules, and from those there may be a way to the plan, which would then never be dropped. */
const dropped = new FinalizationRegistry<ReadonlySet<Region>>((regions) => {
  for (const region of regions) freeRegion(region);
});

/** A planned function. Its memory is given back some time after it is dropped, or by `using`. */
export type Plan<Args extends readonly unknown[], R> = ((...args: Args) => R) & Disposable;

/**
 * A function of tensors that computes the same as `fn`, faster: its first call with arguments of some shapes runs `fn` and keeps which
 * kernels it launched; later calls launch just those, with none of the JavaScript around them. Bits are the same. For training steps and
 * other small work that repeats: `plan(valueAndGrad(model, loss))`.
 *
 * - Arguments and results are trees of tensors (arrays, plain objects), as for `scope`. Another shape or dtype, another number or string,
 *   is recorded apart, up to eight of them. Numbers that change from call to call belong in tensors.
 * - Parameters are read anew at every call; those that were frozen or disposed of are noticed, as are those put in another's place in a
 *   module or tree that gradients are taken of, and another choice of kernels: then the function is recorded again. Anything else that `fn`
 *   reads from outside, such as a variable, stays as the recording saw it.
 * - Arguments are copied in: inside, a tensor is another one than outside, of the same values.
 * - Random tensors (`normal`, `uniform`, `bernoulli`) are drawn anew at every call, in the same order as `fn` would.
 * - Under a tape, inside of another plan, within `functionalCall`, and twice within one open scope, `fn` itself runs.
 * - Each recording keeps the memory that one run of `fn` computes in.
 * @throws PlanError where `fn` reads a value (`item`, `toArray`), makes or writes a parameter or makes a `Random`, also where `fn` catches that;
 * and for arguments that may change unseen (typed arrays, maps, sets).
 * @example
 * const step = plan(valueAndGrad(model, (x: Tensor, y: Tensor) => crossEntropy(model.forward(x), y)));
 * for (const { x, y } of windows) optimizer.update(step(x, y).grads);
 */
export function plan<Args extends readonly unknown[], R>(fn: (...args: Args) => R): Plan<Args, R> {
  if (typeof fn !== 'function')
    throw new ValueError(`plan: ${describeValue(fn)} came, a function was expected: plan((x) => …)`);
  const recordings = new Recordings();
  const planned = (...args: Args): R => {
    // A tape must hear of every op, and a recording of what it would launch.
    if (recording || planning !== null || replaysOff) return fn(...args);
    return withScope(() => run(fn, args, recordings), keepTensors, true);
  };
  dropped.register(planned, recordings.regions);
  return Object.assign(planned, { [Symbol.dispose]: () => recordings.release(0) });
}

function run<Args extends readonly unknown[], R>(
  fn: (...args: Args) => R,
  args: Args,
  recordings: Recordings,
): R {
  const flat = flatten(args, []);
  let current = recordings.take(flat);
  if (current?.held) return fn(...args);
  if (current === undefined) {
    refuseMutable(flat);
    current = new Recording((inputs) => fn(...(inputs as unknown as Args)), args);
    recordings.add(current);
  } else {
    current.replay(flat);
  }
  return current.results() as R;
}

/** Of an argument that is no tensor only its identity is looked at, which tells nothing of what such a one holds. */
function refuseMutable(args: readonly unknown[]): void {
  for (const each of args) {
    if (ArrayBuffer.isView(each) || each instanceof Map || each instanceof Set || each instanceof Date) {
      throw new PlanError(
        `plan: ${describeValue(each)} came among the arguments, whose contents a replay would not look at; pass a tensor`,
      );
    }
  }
}
