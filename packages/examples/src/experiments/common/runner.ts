/** Runs the parts of experiments, on as many threads as there are. */
import type { Budget, DonePart, Experiment, Measured } from './experiment.ts';
import { type Results, throughJson } from './results.ts';

/** A part, as a thread is told of it. */
export interface PartTask {
  readonly experiment: string;
  readonly config: unknown;
}

/** What a thread gives back. */
export interface PartDone {
  readonly outcome: unknown;
  readonly measured: Measured;
}

/** Runs one part, somewhere. */
export type Execute = (task: PartTask) => Promise<PartDone>;

/** Runs one part here and now. */
export function runPart(experiment: Experiment, config: unknown): PartDone {
  const start = performance.now();
  const { outcome, measured } = experiment.run(config);
  return { outcome, measured: { ...measured, seconds: (performance.now() - start) / 1000 } };
}

/**
 * Runs experiments whole. All parts are offered to `execute` at once; those that measure time come after the rest, one by one.
 * @param done hears of each experiment when its last part has ended
 * @param progress hears of each part that has ended
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

/** An experiment on its way. */
class Run {
  readonly experiment: Experiment;
  readonly configs: readonly unknown[];
  /** In the order of their configurations, whichever ends first. */
  readonly parts: DonePart<unknown, unknown>[] = [];
  ended = 0;

  constructor(experiment: Experiment, budget: Budget) {
    this.experiment = experiment;
    this.configs = experiment.parts(budget);
  }

  /** Which parts want the machine for themselves, or do not. */
  places(alone: boolean): number[] {
    return this.configs.flatMap((config, i) =>
      (this.experiment.alone?.(config) ?? false) === alone ? [i] : [],
    );
  }
}
