/** Trains one or two cells on one seed, an update of each in turn. In float32, planned. */
import { stateDict } from '@chronograd/nn';
import { writeSafetensors } from '@chronograd/nn/safetensors';
import type { TaskId, TrainSettings } from '../settings/train.ts';
import type { Job } from './job.ts';
import type { Program } from './program.ts';
import { memoryTask } from './tasks/memory.ts';
import { columnTask, sineTask } from './tasks/series.ts';
import type { Baseline, MakeTask, Task } from './tasks/task.ts';
import { textTask } from './tasks/text.ts';
import { updatesOf } from './updates.ts';

export type TrainEvent =
  /** First: what a loss means, and the scores of simple methods on the same held-out data. */
  | {
      readonly type: 'start';
      readonly unit: string;
      readonly names: readonly string[];
      readonly baselines: readonly Baseline[];
      /** Characters or time steps that one update reads. */
      readonly perUpdate: number;
    }
  | {
      readonly type: 'step';
      /** 0 or 1. */
      readonly program: number;
      readonly step: number;
      readonly loss: number;
      /** Before clipping. */
      readonly gradientNorm: number;
    }
  | {
      readonly type: 'measure';
      readonly program: number;
      readonly step: number;
      /** On held-out data, in the unit of the loss. */
      readonly heldOut: number;
      /** Text that the model continues, or null. */
      readonly sample: string | null;
      /** A safetensors file of the model. */
      readonly weights: Uint8Array;
    };

const TASKS: Readonly<Record<TaskId, MakeTask>> = {
  text: textTask,
  adding: memoryTask('adding'),
  copy: memoryTask('copy'),
  sine: sineTask,
  column: columnTask,
};

export const train: Job<TrainSettings, TrainEvent> = async function* (programs, settings) {
  const task = TASKS[settings.task](settings);
  yield {
    type: 'start',
    unit: task.unit,
    names: programs.map(({ name }) => name),
    baselines: task.baselines,
    perUpdate: settings.steps * settings.batch,
  };
  let runs = programs.map((program, i) => runOf(program, i, task, settings));
  while (runs.length > 0) {
    const ended = new Set<(typeof runs)[number]>();
    for (const run of runs) {
      const { done, value } = await run.next();
      if (done) ended.add(run);
      else yield* value;
    }
    runs = runs.filter((run) => !ended.has(run));
  }
};

/** The events of each update of one cell. */
async function* runOf(
  program: Program,
  index: number,
  task: Task,
  settings: TrainSettings,
): AsyncGenerator<TrainEvent[], void, void> {
  const model = task.model(program);
  const { updates, measureEvery } = settings;
  for await (const { step, loss, gradientNorm } of updatesOf(model, task, settings)) {
    const events: TrainEvent[] = [
      { type: 'step', program: index, step, loss: loss * task.scale, gradientNorm: gradientNorm! },
    ];
    if (step % measureEvery === 0 || step === updates)
      events.push({
        type: 'measure',
        program: index,
        step,
        ...task.measure(model),
        weights: writeSafetensors(stateDict(model)),
      });
    yield events;
  }
}
