/** Options of `fit`. */
import type { Gradients, ValueOrAux } from '@chronograd/autograd';
import type { Random, Tensor } from '@chronograd/tensor';
import type { Module } from '../module.ts';
import type { Optimizer } from '../optim/optimizer.ts';
import type { ShardOptions } from '../parallel/shards.ts';
import type { Workers } from '../parallel/workers.ts';
import type { Batches } from './batches.ts';
import type { FinalWeights } from './events.ts';
import type { ReduceLROnPlateau } from './plateau.ts';
import type { CheckpointStorage } from './storage/storage.ts';

/** Clipping of gradients: each element, or the global norm. */
export type Clip =
  | { readonly value: number; readonly norm?: undefined }
  | { readonly norm: number; readonly value?: undefined };

/** When and how a run measures on held-out data. The model is then in evaluation mode. */
export interface FitValidation<Batch extends readonly unknown[]> {
  /** The number of updates between measurements. One more follows the last update. */
  readonly every: number;
  /** Held-out batches: the measure is the mean of the run's `loss` over them. */
  readonly batches?: Iterable<Batch> | AsyncIterable<Batch>;
  /** Any other measure, in place of `batches`. */
  readonly measure?: () => number | Promise<number>;
  /** The run ends after this number of measurements without improvement. Default: Infinity. */
  readonly patience?: number;
  /** A measurement improves if it is better by more than this. Default: 0. */
  readonly minDelta?: number;
  /** Whether smaller or larger measures are better. Default: 'min'. */
  readonly mode?: 'min' | 'max';
}

/** Where a run saves its state. */
export interface FitCheckpoint {
  readonly storage: CheckpointStorage;
  /** The name in the storage. Default: 'fit.safetensors'. */
  readonly name?: string;
  /** The number of updates between saves. One more is at the end. Default: only at the end. */
  readonly every?: number;
  /**
   * Whether to continue a run that the storage holds. Without one, it starts from the beginning.
   * Default: false, and a run in the storage is an error.
   */
  readonly resume?: boolean;
}

/** Options of `fit` besides the loss. */
export interface FitSettings<Batch extends readonly unknown[]> {
  readonly model: Module;
  /** An optimizer of the model's parameters. */
  readonly optimizer: Optimizer;
  /** The training batches. */
  readonly batches: Batches<Batch>;
  /** The run ends after this number of updates. Default: no limit. */
  readonly steps?: number;
  /**
   * The number of passes over the batches. Default: 1 for an iterable without `steps`, otherwise no
   * limit.
   */
  readonly epochs?: number;
  /** The number of batches whose mean gradient makes one update. Default: 1. */
  readonly accumulate?: number;
  /**
   * The number of parts of each batch whose gradients are computed one by one and added, or its
   * options. It changes the order of sums, and with it the last bits. Random numbers are drawn by
   * shard. Default: 1.
   */
  readonly shards?: number | ShardOptions<Batch>;
  /**
   * Threads that share the shards: `nodeWorkers(…)` of `@chronograd/nn/parallel/node`, or
   * `webWorkers(…)` of `@chronograd/nn/parallel`. The bits do not depend on their number. They run
   * while the run is iterated. Default: null, this thread only.
   */
  readonly workers?: Workers | null;
  /** Default: null, no clipping. */
  readonly clip?: Clip | null;
  /** Default: null, no validation. */
  readonly validation?: FitValidation<Batch> | null;
  /** Takes each measurement. Default: null. */
  readonly plateau?: ReduceLROnPlateau | null;
  /**
   * The decay of an exponential moving average of the weights, which is then validated and kept as
   * the best. Default: null, no average.
   */
  readonly ema?: number | null;
  /**
   * The weights in the model at the end. Default: 'best' with validation, otherwise 'average' with
   * `ema`, otherwise 'last'.
   */
  readonly finalWeights?: FinalWeights;
  /** Default: null, nothing is saved. */
  readonly checkpoint?: FitCheckpoint | null;
  /**
   * Generators to save and restore besides those in fields of the model's modules. Default: none.
   */
  readonly randoms?: readonly Random[];
  /** The run stops before the next update once it is aborted. Default: null. */
  readonly signal?: { readonly aborted: boolean } | null;
  /**
   * Receives the gradients of each update before clipping, and its number. They are freed after it.
   */
  readonly inspect?: (gradients: Gradients<Module>, step: number) => void;
  /** Runs each update, for profiles and probes: `(update) => withProfile(profile, update)`. */
  readonly around?: (update: () => void) => void;
  /** Lets other tasks run, about every 50 ms. Default: the host's next task. */
  readonly pause?: () => Promise<void>;
  /**
   * Whether `checkTraining` runs before the first update, and the first replay is verified.
   * Default: true.
   */
  readonly check?: boolean;
  /** Whether the step is planned. A loss that reads values needs false. Default: true. */
  readonly plan?: boolean;
}

/** Options of `fit`. */
export interface FitOptions<Batch extends readonly unknown[]> extends FitSettings<Batch> {
  /** The loss of a batch, as for `valueAndGrad(model, loss)`. */
  loss(...batch: NoInfer<[...Batch]>): ValueOrAux<unknown>;
  readonly initialState?: undefined;
}

/** Options of `fit` for truncated BPTT: the state is carried from batch to batch. */
export interface CarryFitOptions<Batch extends readonly unknown[], State> extends FitSettings<Batch> {
  /** The loss of a batch and the state before it. `aux` is the state for the next batch. */
  loss(...args: NoInfer<[...Batch, State]>): { readonly value: Tensor; readonly aux: NoInfer<State> };
  /** The state before the first batch, and where the data restart. */
  readonly initialState: () => State;
}
