/** Batches of a data set: shuffled by a seed, with a position that is saved and restored. */
import { Random, type RandomState, ValueError } from '@chronograd/tensor';
import { describeValue, type OptionKeys, unsupported } from '@chronograd/tensor/engine';
import { requireOptions } from '../internal/options.ts';
import { isWhole, requireBoolean, requireCount } from '../internal/require.ts';

/** Items that can be read in batches. A batch is a list of the loss's arguments. */
export interface Dataset<Batch extends readonly unknown[]> {
  /** The number of items. */
  readonly length: number;
  /** The batch of these items. */
  at(indices: readonly number[]): Batch;
  /** Groups of items: all items of a batch are of one group. Default: one group of all. */
  readonly groups?: readonly (readonly number[])[];
}

/** Options of `DataLoader`. */
export interface LoaderOptions {
  /** B, the items of a batch. */
  readonly batch: number;
  /**
   * Shuffles each epoch. One number is drawn from it. The loader then has a separate
   * generator, so that its order does not depend on other draws. Default: no shuffling.
   */
  readonly random?: Random;
  /** Leaves out the last batch of an epoch (of each group) if it is smaller. Default: false. */
  readonly dropLast?: boolean;
}

/** The position of a loader, as plain data for JSON. */
export type LoaderState = {
  /** The current pass over all items, from 1 on; 0 before the first batch. */
  readonly epoch: number;
  /** The batches of this epoch that were read. */
  readonly batch: number;
  /** All batches of an epoch: to check that it is the same data. */
  readonly batches: number;
  /** The generator of the shuffle as it was when this epoch began; null without a shuffle. */
  readonly shuffle: Pick<RandomState, 'generator' | 'spare'> | null;
};

export const LOADER: OptionKeys<LoaderOptions> = { batch: true, random: true, dropLast: true };

/**
 * An endless source of batches, epoch after epoch, as PyTorch's `DataLoader`. Each epoch has every
 * item once. `state` and `restore` continue in the middle of an epoch with the same batches, so
 * that `fit` resumes bit for bit.
 */
export class DataLoader<Batch extends readonly unknown[]> {
  /** The number of batches in an epoch. */
  readonly length: number;
  readonly #dataset: Dataset<Batch>;
  readonly #size: number;
  readonly #dropLast: boolean;
  #random: Random | null;
  #order: readonly (readonly number[])[] = [];
  #epoch = 0;
  #batch = 0;
  /** The generator's state at the start of the epoch. */
  #shuffle: RandomState | null;

  /** @throws ValueError for a data set without an item, and for options that are not valid. */
  constructor(dataset: Dataset<Batch>, options: LoaderOptions) {
    const op = 'DataLoader';
    if (typeof dataset?.at !== 'function' || !isWhole(dataset.length))
      throw new ValueError(
        `${op}: expected a data set with length and at(indices), such as windows(…), got ${describeValue(dataset)}`,
      );
    const { batch, random, dropLast = false } = requireOptions(op, options, '{ batch: 32 }', LOADER);
    requireCount(op, 'batch', batch);
    requireBoolean(op, 'dropLast', dropLast);
    if (random !== undefined && typeof random?.bits !== 'function')
      throw new ValueError(`${op}: expected new Random(seed) for random, got ${describeValue(random)}`);
    this.#dataset = dataset;
    this.#size = batch;
    this.#dropLast = dropLast;
    this.length = this.#batches(null).length;
    if (this.length === 0)
      throw new ValueError(`${op}: expected at least one batch of ${batch}, got ${dataset.length} items`);
    this.#random = random === undefined ? null : new Random(random.bits());
    this.#shuffle = this.#random?.state ?? null;
  }

  /** The current epoch, from 1 on; 0 before the first batch. */
  get epoch(): number {
    return this.#epoch;
  }

  /**
   * The next batch, in the form of an iterator's result. `restarted`: an epoch begins with it.
   * @throws PlanError inside a planned function: pass batches as arguments.
   */
  next(): { readonly value: Batch; readonly restarted: boolean } {
    unsupported('a batch was read', 'read it before the call, and pass it as an argument');
    const restarted = this.#epoch === 0 || this.#batch === this.length;
    if (restarted) {
      this.#shuffle = this.#random?.state ?? null;
      this.#order = this.#batches(this.#random);
      this.#epoch++;
      this.#batch = 0;
    }
    return { value: this.#dataset.at(this.#order[this.#batch++]!), restarted };
  }

  /** One pass in the order of the data, for validation. It leaves the position as it is. */
  pass(): Iterable<Batch> {
    const [dataset, batches] = [this.#dataset, this.#batches(null)];
    return {
      *[Symbol.iterator]() {
        for (const indices of batches) yield dataset.at(indices);
      },
    };
  }

  /** The position, for JSON. */
  get state(): LoaderState {
    return { epoch: this.#epoch, batch: this.#batch, batches: this.length, shuffle: this.#shuffle };
  }

  /** Continues from a saved `state`. @throws ValueError for one of other data or options. */
  restore(state: LoaderState): void {
    const { epoch, batch, batches, shuffle } = state ?? {};
    const fits =
      isWhole(epoch) &&
      isWhole(batch) &&
      batch <= this.length &&
      batches === this.length &&
      (shuffle === null) === (this.#random === null);
    if (!fits) {
      const how = this.#random === null ? 'in order' : 'shuffled';
      throw new ValueError(
        `restore: expected the state of a loader of ${this.length} batches, ${how}, got ${describeState(state)}; restore it with the same data and options`,
      );
    }
    if (shuffle !== null) this.#random = Random.fromState(shuffle);
    this.#shuffle = shuffle;
    this.#order = epoch === 0 ? [] : this.#batches(this.#random);
    this.#epoch = epoch;
    this.#batch = batch;
  }

  /** The items of each batch of an epoch. */
  #batches(random: Random | null): readonly (readonly number[])[] {
    const { groups = [Array.from({ length: this.#dataset.length }, (_, i) => i)] } = this.#dataset;
    const batches: (readonly number[])[] = [];
    for (const group of groups) {
      const items = random === null ? group : shuffled(group, random);
      const end = items.length - (this.#dropLast ? items.length % this.#size : 0);
      for (let i = 0; i < end; i += this.#size) batches.push(items.slice(i, Math.min(i + this.#size, end)));
    }
    return random === null || groups.length === 1 ? batches : shuffled(batches, random);
  }
}

/** A shuffled copy (Fisher and Yates). Every order is equally likely. */
function shuffled<T>(items: readonly T[], random: Random): T[] {
  const copy = [...items];
  for (let i = copy.length - 1; i > 0; i--) {
    const k = random.integer(i + 1);
    [copy[i], copy[k]] = [copy[k]!, copy[i]!];
  }
  return copy;
}

function describeState(state: LoaderState | null | undefined): string {
  const { epoch, batch, batches } = state ?? {};
  if (!isWhole(epoch) || !isWhole(batch) || !isWhole(batches)) return describeValue(state);
  return `batch ${batch} of ${batches}, ${state?.shuffle === null ? 'in order' : 'shuffled'}`;
}
