/** Runs the parts of experiments on all threads. */
import { kernelsInUse } from '@chronograd/tensor';
import type { Budget, DonePart, Experiment, Measured } from './experiment.ts';
import { type Results, throughJson } from './results.ts';

/** A part, as sent to a thread. */
export interface PartTask {
  readonly experiment: string;
  readonly config: unknown;
}

/** The result from a thread. */
export interface PartDone {
  readonly outcome: unknown;
  readonly measured: Measured;
  /** The kernels that ran. */
  readonly kernels: string;
}

/** Runs one part, for example in a thread. */
export type Execute = (task: PartTask) => Promise<PartDone>;

/** Runs one part in this thread. */
export async function runPart(experiment: Experiment, config: unknown): Promise<PartDone> {
  const start = performance.now();
  const { outcome, measured } = await experiment.run(config);
  const seconds = (performance.now() - start) / 1000;
  return { outcome, measured: { ...measured, seconds }, kernels: kernelsInUse() };
}

/**
 * Runs experiments. All parts go to `execute` at once, except those that measure time: they run one
 * by one after the rest.
 * @param done is called for each finished experiment
 * @param progress is called for each finished part
 */
export async function runExperiments(
  experiments: readonly Experiment[],
  budget: Budget,
  execute: Execute,
  done: (results: Results) => void,
  progress: (experiment: string) => void = () => {},
): Promise<void> {
  const runs = experiments.map((experiment) => new Run(experiment, budget));
  const next = async (run: Run, i: number): Promise<void> => {
    const { experiment, configs, parts } = run;
    const { outcome, measured } = await execute({ experiment: experiment.name, config: configs[i] });
    parts[i] = { config: throughJson(configs[i]), outcome: throughJson(outcome), measured };
    progress(experiment.name);
    if (++run.ended === configs.length) done({ experiment: experiment.name, budget, parts });
  };
  await Promise.all(runs.flatMap((run) => run.places(false).map((i) => next(run, i))));
  for (const run of runs) {
    for (const i of run.places(true)) await next(run, i);
  }
}

/** An experiment in progress. */
class Run {
  readonly experiment: Experiment;
  readonly configs: readonly unknown[];
  /** In the order of their configurations. */
  readonly parts: DonePart<unknown, unknown>[] = [];
  ended = 0;

  constructor(experiment: Experiment, budget: Budget) {
    this.experiment = experiment;
    this.configs = experiment.parts(budget);
  }

  /** Indices of the parts that must run alone, or of the others. */
  places(alone: boolean): number[] {
    return this.configs.flatMap((config, i) =>
      (this.experiment.alone?.(config) ?? false) === alone ? [i] : [],
    );
  }
}
