/** Readers of batches, with a position to save. */
import { ValueError } from '@chronograd/tensor';
import { describeValue } from '@chronograd/tensor/engine';
import type { Batches, BatchIterable, BatchSource, NextBatch } from './batches.ts';
import type { Json } from './json.ts';

/** A batch and whether the carried state is reset before it; null at the end. */
export type Reading<Batch> = { readonly batch: Batch; readonly restarted: boolean } | null;

/** Reads batches for `fit`. */
export interface BatchReader<Batch> {
  /** The current pass, from 1 on; 0 before the first batch. */
  readonly epoch: number;
  next(): Reading<Batch> | Promise<Reading<Batch>>;
  readonly state: Json;
  restore(state: Json): void;
}

/** @param epochs the number of passes. */
export function readerOf<Batch extends readonly unknown[]>(
  op: string,
  batches: Batches<Batch>,
  epochs: number,
): BatchReader<Batch> {
  if (isSource(batches)) return new SourceReader(batches, epochs);
  if (typeof batches === 'function') return new IterableReader(op, batches, epochs);
  requireIterable(op, batches);
  return new IterableReader(op, () => batches, epochs);
}

/** Whether batches save their position. */
export function isSource<Batch extends readonly unknown[]>(
  batches: Batches<Batch>,
): batches is BatchSource<Batch> {
  const { next, restore } = (batches ?? {}) as Partial<BatchSource<Batch>>;
  return typeof next === 'function' && typeof restore === 'function';
}

export function requireIterable(op: string, value: unknown): void {
  if (typeof value === 'object' && value !== null) {
    if (Symbol.iterator in value || Symbol.asyncIterator in value) return;
  }
  throw new ValueError(
    `${op}: expected an iterable of batches for batches, got ${describeValue(value)}; for example [[x, y]]`,
  );
}

/** @throws ValueError for a batch that is not an array. */
export function requireBatchArray<Batch>(op: string, batch: Batch): Batch {
  if (Array.isArray(batch)) return batch;
  throw new ValueError(
    `${op}: expected an array of the loss's arguments for a batch, got ${describeValue(batch)}; write [x, y]`,
  );
}

class SourceReader<Batch extends readonly unknown[]> implements BatchReader<Batch> {
  readonly #source: BatchSource<Batch>;
  readonly #epochs: number;
  #epoch = 0;
  #ended = false;

  constructor(source: BatchSource<Batch>, epochs: number) {
    this.#source = source;
    this.#epochs = epochs;
  }

  get epoch(): number {
    return this.#epoch;
  }

  next(): Reading<Batch> | Promise<Reading<Batch>> {
    if (this.#ended) return null;
    const before = this.#epoch === this.#epochs ? this.#source.state : null;
    const next = this.#source.next();
    return next instanceof Promise ? next.then((each) => this.#read(each, before)) : this.#read(next, before);
  }

  /** @param before the position, in the last pass. */
  #read(next: NextBatch<Batch>, before: Json): Reading<Batch> {
    const { restarted = false } = next as { readonly restarted?: boolean };
    const isLast = this.#epoch === this.#epochs;
    if (next.done === true || (restarted && isLast)) {
      if (next.done !== true) this.#source.restore(before);
      this.#ended = true;
      return null;
    }
    if (restarted || this.#epoch === 0) this.#epoch++;
    return { batch: requireBatchArray('fit', next.value), restarted };
  }

  get state(): Json {
    return { epoch: this.#epoch, source: this.#source.state };
  }

  restore(state: Json): void {
    const { epoch, source } = state as { readonly epoch: number; readonly source: Json };
    this.#source.restore(source);
    this.#epoch = epoch;
    this.#ended = false;
  }
}

/** Passes over iterables. It is restored by reading the pass again up to the position. */
class IterableReader<Batch extends readonly unknown[]> implements BatchReader<Batch> {
  readonly #op: string;
  readonly #pass: (epoch: number) => BatchIterable<Batch>;
  readonly #epochs: number;
  #iterator: Iterator<Batch> | AsyncIterator<Batch> | null = null;
  #epoch = 0;
  /** Batches read in this pass. */
  #index = 0;
  #ended = false;

  constructor(op: string, pass: (epoch: number) => BatchIterable<Batch>, epochs: number) {
    this.#op = op;
    this.#pass = pass;
    this.#epochs = epochs;
  }

  get epoch(): number {
    return this.#epoch;
  }

  next(): Reading<Batch> | Promise<Reading<Batch>> {
    if (this.#ended) return null;
    if (this.#iterator === null) return this.#begin(this.#epoch + (this.#index > 0 ? 0 : 1), this.#index);
    const result = this.#iterator.next();
    return result instanceof Promise ? result.then((each) => this.#read(each)) : this.#read(result);
  }

  /** Opens a pass, skips batches, and reads the next one. */
  #begin(epoch: number, skip: number): Reading<Batch> | Promise<Reading<Batch>> {
    const iterable = this.#pass(epoch);
    requireIterable(this.#op, iterable);
    this.#epoch = epoch;
    this.#index = 0;
    if (Symbol.asyncIterator in iterable) {
      const iterator = iterable[Symbol.asyncIterator]();
      this.#iterator = iterator;
      return this.#skipLater(iterator, skip);
    }
    const iterator = iterable[Symbol.iterator]();
    this.#iterator = iterator;
    for (; this.#index < skip; this.#index++) if (iterator.next().done === true) break;
    return this.next();
  }

  async #skipLater(iterator: AsyncIterator<Batch>, skip: number): Promise<Reading<Batch>> {
    for (; this.#index < skip; this.#index++) if ((await iterator.next()).done === true) break;
    return this.next();
  }

  #read(result: IteratorResult<Batch, unknown>): Reading<Batch> | Promise<Reading<Batch>> {
    if (result.done !== true) {
      this.#index++;
      return { batch: requireBatchArray(this.#op, result.value), restarted: this.#index === 1 };
    }
    // A pass without batches: an iterator that has been used up.
    if (this.#epoch >= this.#epochs || this.#index === 0) {
      this.#ended = true;
      return null;
    }
    return this.#begin(this.#epoch + 1, 0);
  }

  get state(): Json {
    return { epoch: this.#epoch, index: this.#index };
  }

  restore(state: Json): void {
    const { epoch, index } = state as { readonly epoch: number; readonly index: number };
    this.#ended = false;
    this.#epoch = epoch;
    this.#index = index;
    this.#iterator = null;
  }
}

/** Reads up to `count` batches; fewer at the end. */
export async function readGroup<Batch>(
  reader: BatchReader<Batch>,
  count: number,
): Promise<readonly NonNullable<Reading<Batch>>[]> {
  const readings: NonNullable<Reading<Batch>>[] = [];
  while (readings.length < count) {
    const next = reader.next();
    const reading = next instanceof Promise ? await next : next;
    if (reading === null) break;
    readings.push(reading);
  }
  return readings;
}
