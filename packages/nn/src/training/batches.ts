/** Batches for `fit`: iterables, and sources that save their position. */
import type { Json } from './json.ts';

/** A batch, the loss's arguments, or the end. An iterator's result with one more field. */
export type NextBatch<Batch> =
  | {
      readonly done?: false;
      readonly value: Batch;
      /** Whether a pass begins here: the carried state is reset. Default: false. */
      readonly restarted?: boolean;
    }
  | { readonly done: true; readonly value?: unknown };

/**
 * Batches whose position can be saved, such as a `DataLoader` and `streamBatches`. A checkpoint
 * includes it.
 */
export interface BatchSource<Batch extends readonly unknown[]> {
  next(): NextBatch<Batch> | Promise<NextBatch<Batch>>;
  /** The position, as plain data. */
  readonly state: Json;
  /** Continues from a saved `state`. */
  restore(state: Json): void;
}

/** One pass over batches. */
export type BatchIterable<Batch> = Iterable<Batch> | AsyncIterable<Batch>;

/**
 * Batches: a source, an iterable, or a function from the pass (1 for the first) to one. Each batch
 * is an array of the loss's arguments.
 */
export type Batches<Batch extends readonly unknown[]> =
  | BatchSource<Batch>
  | BatchIterable<Batch>
  | ((epoch: number) => BatchIterable<Batch>);
