/** A trace of a training step: phases, methods, time steps and kernels as nested spans. */
import {
  nameOf,
  refusePromise,
  requireFunction,
  runtime,
  timedKernels,
  unsupported,
  withRuntime,
} from '@chronograd/tensor/engine';
import { aroundMethods, firstPlaces } from '../../internal/around-methods.ts';
import { requireOptions } from '../../internal/options.ts';
import { requireModule } from '../../internal/require.ts';
import type { Module } from '../../module.ts';
import type { TraceEvent } from './events.ts';
import { Tracer } from './tracer.ts';

/** Options of `trace`. */
export interface TraceOptions {
  /**
   * A clock in milliseconds, such as `() => performance.now()`. The library reads no clock itself.
   */
  readonly now: () => number;
}

/** A trace in Chrome's Trace Event Format. `JSON.stringify` makes the file. */
export interface ChromeTrace {
  readonly traceEvents: readonly TraceEvent[];
  readonly displayTimeUnit: 'ms';
}

/**
 * Runs `body`, for example a training step, and records when each kernel ran. Kernels are in spans
 * of the phase (forward, backward, update), the methods of the model and its modules, and the time
 * steps. Perfetto (ui.perfetto.dev) and chrome://tracing show the file. PyTorch's
 * `profiler.export_chrome_trace`.
 *
 * A kernel of the backward pass is in the method and time step where its op ran forward. Methods
 * that launch no kernel are left out. Bits are as without a trace. Meanwhile planned functions are
 * not replayed, so the time between kernels is that of a step without a plan.
 * @throws ValueError unless `model` is a module, `body` a function and `now` a clock.
 * @throws PlanError inside a planned function. ScopeError for a promise.
 * @example
 * const step = () => optimizer.update(lossAndGrads(x, y).grads);
 * const { trace: events } = trace(model, step, { now: () => performance.now() });
 * await writeFile('step.json', JSON.stringify(events));
 */
export function trace<R>(
  model: Module,
  body: () => R,
  options: TraceOptions,
): { readonly result: R; readonly trace: ChromeTrace } {
  const op = 'trace';
  requireModule(op, model);
  requireFunction(op, body, 'trace(model, () => step(x, y), { now })');
  const clock = '{ now: clock }, whose clock gives milliseconds,';
  const { now } = requireOptions(op, options, clock, { now: true });
  requireFunction(op, now, clock);
  unsupported('a trace was taken', 'take it around the call');
  const tracer = new Tracer(now);
  const places = firstPlaces(model);
  const names = new Map(places.map(([path, module]) => [path, path === '' ? nameOf(module) : path]));
  const change = {
    kernels: timedKernels(runtime.kernels, now, tracer.launched),
    locate: tracer.present,
    backwardOf: null,
    timeStep: null,
    timeLoop: null,
    replays: false,
  };
  const result = aroundMethods(
    places,
    (path, method, run) => tracer.method(`${names.get(path)}.${method}`, run),
    () => withRuntime(change, () => refusePromise(body())),
  );
  return { result, trace: { traceEvents: tracer.end(), displayTimeUnit: 'ms' } };
}
