/** The updates of a training: Adam over the library's `fit`. */
import { Adam } from '@chronograd/nn';
import { fit, type StepEvent } from '@chronograd/nn/training';
import type { TrainSettings } from '../settings/train.ts';
import type { Model } from './tasks/model.ts';
import type { Task } from './tasks/task.ts';

/** Trains a model on a task, update by update. */
export async function* updatesOf(
  model: Model,
  task: Task,
  { lr, clip, updates }: Pick<TrainSettings, 'lr' | 'clip' | 'updates'>,
): AsyncGenerator<StepEvent, void, void> {
  const options = {
    model,
    optimizer: new Adam(model, { lr }),
    clip: { norm: clip },
    steps: updates,
    pause: () => Promise.resolve(), // the worker listens between events
  };
  const data = task.data(model);
  const run = data.initialState === undefined ? fit({ ...options, ...data }) : fit({ ...options, ...data });
  for await (const event of run) if (event.type === 'step') yield event;
}
