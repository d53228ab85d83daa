/** What a task is: its data, its loss and its measures. */
import type { Tensor } from '@chronograd/tensor';
import type { TrainSettings } from '../../settings/train.ts';
import type { Program } from '../program.ts';
import type { Model } from './model.ts';

/** The score of a method without training. */
export interface Baseline {
  readonly label: string;
  readonly score: number;
}

export interface Measure {
  /** On held-out data, in the unit of the task. */
  readonly heldOut: number;
  /** Text that the model continues, or null. */
  readonly sample: string | null;
}

type Pair = readonly [inputs: Tensor, targets: Tensor];

/** What `fit` needs besides the model: with `initialState`, the state is carried. */
export type TaskData =
  | {
      readonly batches: Iterable<Pair>;
      readonly loss: (x: Tensor, y: Tensor) => Tensor;
      readonly initialState?: undefined;
    }
  | {
      readonly batches: Iterable<Pair>;
      readonly loss: (
        x: Tensor,
        y: Tensor,
        state: unknown,
      ) => { readonly value: Tensor; readonly aux: unknown };
      readonly initialState: () => unknown;
    };

export interface Task {
  readonly unit: string;
  /** What a loss is multiplied with to be in the unit. */
  readonly scale: number;
  readonly baselines: readonly Baseline[];
  model(program: Program): Model;
  /** Starts from the beginning, for each model. */
  data(model: Model): TaskData;
  measure(model: Model): Measure;
}

export type MakeTask = (settings: TrainSettings) => Task;
