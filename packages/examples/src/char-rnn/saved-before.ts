/** Runs that version 0.1 saved, in another format. */
import type { Json } from './checkpoint-files.ts';
import type { SavedTensors } from './trainer.ts';

/** Fields of a state that version 0.1 saved. */
export interface StateBefore {
  readonly iteration: number;
  /** Start of the next window in each stream. */
  readonly position: number;
}

/** The state of `fit`. */
export function fitStateOf({ iteration, position }: StateBefore): Json {
  return {
    version: 1,
    batches: { epoch: iteration > 0 ? 1 : 0, source: position },
    progress: { step: iteration, validated: 0, bad: 0, best: null },
    plateau: null,
    averaged: 0,
    randoms: [],
  };
}

/**
 * The tensors of `fit`. Version 0.1 saved parameters by name, accumulators with the prefix
 * `adagrad.`, and the cell's state as `hidden`, or `hidden.h` and `hidden.c`.
 */
export function fitTensorsOf(tensors: SavedTensors, { iteration }: StateBefore): SavedTensors {
  const count = { dtype: 'I32', shape: [], data: Int32Array.of(iteration) } as const;
  const all = new Map([...tensors].map(([name, each]) => [fitName(name), each] as const));
  all.set('optimizer.steps', count);
  for (const name of tensors.keys()) {
    const [, parameter] = /^adagrad\.(.+)$/.exec(name) ?? [];
    if (parameter !== undefined) all.set(`optimizer.steps.${parameter}`, count);
  }
  return all;
}

function fitName(name: string): string {
  if (/^hidden(\.|$)/.test(name)) return name.replace('hidden', 'carried');
  return name.startsWith('adagrad.') ? name.replace('adagrad.', 'optimizer.accumulator.') : `model.${name}`;
}
