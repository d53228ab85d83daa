/** A model's modules: shapes, parameters, and shares of time and memory. */
import { withoutCheckpoints } from '@chronograd/autograd';
import {
  checkOptions,
  nameOf,
  type Recorder,
  refusePromise,
  requireFunction,
  unsupported,
  withRecorder,
} from '@chronograd/tensor/engine';
import { aroundMethods, firstPlaces } from '../../internal/around-methods.ts';
import { requireModule } from '../../internal/require.ts';
import type { Module } from '../../module.ts';
import { Run } from './measure.ts';
import { ModelSummary } from './model-summary.ts';
import type { ModuleSummary } from './module-summary.ts';

/** Options of `summary`. */
export interface SummaryOptions {
  /**
   * A clock in milliseconds, such as `() => performance.now()`. The library reads no clock itself.
   * Default: times are null.
   */
  readonly now?: () => number;
}

/**
 * The modules of a model as a tree: the shapes that they return, their parameters, and their shares
 * of a run's time and memory. Keras' `model.summary()`, and torchinfo's `summary`.
 *
 * Shares are of what a module does itself, so those of all modules add up to 1. What `body` does
 * outside of modules counts for the model. Memory is that of a forward pass. Plans are not replayed
 * and checkpoints are disabled.
 * @param body runs the model once. Default: nothing runs, and only parameters are shown.
 * @throws ValueError unless `model` is a module and `body` a function.
 * @throws PlanError inside a planned function. ScopeError for a promise.
 * @example
 * const run = () => model.forward(x);
 * console.log(String(summary(model, run, { now: () => performance.now() })));
 */
export function summary(
  model: Module,
  body: () => unknown = nothing,
  options: SummaryOptions = {},
): ModelSummary {
  const op = 'summary';
  requireModule(op, model);
  requireFunction(op, body, 'summary(model, () => model.forward(x))');
  checkOptions(op, options, { now: true });
  const { now } = options;
  if (now !== undefined) requireFunction(op, now, '{ now: clock }, whose clock gives milliseconds');
  unsupported('a model was summarized', 'call summary outside of the plan');
  const places = firstPlaces(model);
  const run = new Run(now ?? (() => 0));
  const recorder: Recorder = {
    record: (_, inputs, __, output, others) => run.made(inputs, [output, ...(others ?? [])]),
    beforeWrite() {},
    differentiates: false,
  };
  const within = () => withoutCheckpoints(() => withRecorder(recorder, () => refusePromise(body())));
  aroundMethods(places, run.around, () => run.around('', '', within));
  return new ModelSummary(
    treeOf(model, places, run, now !== undefined),
    now === undefined ? null : run.total,
  );
}

function nothing(): void {}

function treeOf(
  model: Module,
  places: readonly (readonly [path: string, module: Module])[],
  run: Run,
  timed: boolean,
): ModuleSummary {
  const own = places.map(([path, module]) => ({ path, module, figures: run.figuresOf(path) }));
  const bytes = own.reduce((sum, { figures }) => sum + figures.bytes, 0);
  const share = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole);
  const parameters = model.namedParameters();
  const paths = places.map(([path]) => path);
  const summaryOf = (path: string): ModuleSummary => {
    const [{ module, figures }] = own.filter((each) => each.path === path) as [(typeof own)[number]];
    const mine = parameters.filter(([name]) => holderOf(name, paths) === path).map(([, x]) => x);
    const size = (all: typeof mine): number => all.reduce((sum, x) => sum + x.size, 0);
    return {
      path,
      type: nameOf(module),
      outputs: figures.outputs,
      calls: figures.calls,
      parameters: size(mine),
      trainable: size(mine.filter((x) => !x.frozen)),
      timeShare: timed ? share(figures.milliseconds, run.total) : null,
      bytes: figures.bytes,
      memoryShare: share(figures.bytes, bytes),
      flops: figures.profile.rows.reduce((sum, row) => sum + row.flops, 0),
      children: paths.filter((each) => each !== '' && holderOf(each, paths) === path).map(summaryOf),
    };
  };
  return summaryOf('');
}

/** The innermost module around a path. */
function holderOf(path: string, modules: readonly string[]): string {
  const around = modules.filter((each) => each !== path && (each === '' || path.startsWith(`${each}.`)));
  return around.reduce((longest, each) => (each.length > longest.length ? each : longest), '');
}
