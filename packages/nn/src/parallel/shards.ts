/** The shards of a run: what each of them needs of a batch, and its carried state. */
import { type Random, ShapeError, ValueError } from '@chronograd/tensor';
import { describeValue } from '@chronograd/tensor/engine';
import type { ShardBatch, ShardJob, ShardResult } from './messages.ts';
import { type Axes, eachTensor, joinTrees, requireSplit, sizesOf, splitTree } from './split.ts';

/** Options of shards. */
export interface ShardOptions<Batch extends readonly unknown[] = readonly unknown[]> {
  /** The number of shards. More of them than workers are possible. */
  readonly count: number;
  /**
   * The axis of the batch in each of the loss's arguments, the state's last. JAX's `in_axes`.
   * Default: 1 for the arguments of a batch, as in `[T, B, …]`, and 0 for those of a state.
   */
  readonly axes?: readonly Axes[];
  /** Whether the loss is a mean or a sum over the batch. Default: 'mean'. */
  readonly reduction?: 'mean' | 'sum';
  /**
   * The weight of a shard in the mean, such as its number of unmasked elements. It receives the
   * shard's part of the batch. Default: its number of rows.
   */
  weight?(...batch: NoInfer<[...Batch]>): number;
}

/** A batch as it was read. */
interface Reading {
  readonly batch: readonly unknown[];
  /** Whether the state is reset before it. */
  readonly restarted: boolean;
}

export class Shards {
  readonly #options: ShardOptions;
  readonly #initialState: (() => unknown) | undefined;
  readonly #randoms: readonly Random[];
  /** The state of all shards before the first batch, and the states of each after it. */
  #whole: unknown;
  #states: readonly unknown[] | null = null;

  /** @param randoms draw a seed for each shard of each batch. */
  constructor(options: ShardOptions, initialState: (() => unknown) | undefined, randoms: readonly Random[]) {
    this.#options = options;
    this.#initialState = initialState;
    this.#randoms = randoms;
    this.carried = initialState?.();
  }

  /** The state for the next batch, of all shards. */
  get carried(): unknown {
    return this.#states === null ? this.#whole : joinTrees(this.#states, this.#stateAxes(), STATE);
  }
  set carried(state: unknown) {
    this.#whole = state;
    this.#states = null;
  }

  /** Keeps the state of each shard for the next batch. */
  carry(results: readonly ShardResult[]): void {
    if (this.#initialState !== undefined) this.#states = results.map(({ state }) => state);
  }

  /** The jobs of all shards for one update. */
  jobs(readings: readonly Reading[]): readonly ShardJob[] {
    const batches = readings.map((reading, i) => this.#split(reading, i === 0, 1 / readings.length));
    return Array.from({ length: this.#options.count }, (_, shard) =>
      batches.map((batch) => batch[shard] as ShardBatch),
    );
  }

  #split({ batch, restarted }: Reading, isFirst: boolean, factor: number): readonly ShardBatch[] {
    const { count, axes, reduction = 'mean' } = this.#options;
    const expected = batch.length + (this.#initialState === undefined ? 0 : 1);
    if (axes !== undefined && axes.length !== expected)
      throw new ValueError(
        `fit: expected shards.axes of the loss's ${expected} arguments, got ${axes.length}`,
      );
    const axesOf = (i: number): Axes => (axes === undefined ? 1 : (axes[i] as Axes));
    const sizes = sizesOf(this.#rowsOf(batch, axesOf), count);
    const parts = batch.map((each, i) => splitTree(each, axesOf(i), sizes, argument(i)));
    const args = sizes.map((_, shard) => parts.map((each) => each[shard]));
    const shares = reduction === 'sum' ? sizes.map(() => 1) : this.#sharesOf(args, sizes);
    const states = isFirst || restarted ? this.#statesBefore(restarted, sizes) : null;
    return sizes.map((_, shard) => ({
      args: args[shard] as readonly unknown[],
      before: states === null ? null : { state: states[shard] },
      share: (shares[shard] as number) * factor,
      seeds: this.#randoms.map((random) => random.integer(Number.MAX_SAFE_INTEGER)),
    }));
  }

  #statesBefore(restarted: boolean, sizes: readonly number[]): readonly unknown[] {
    if (this.#initialState === undefined) return [];
    if (!restarted && this.#states !== null) return this.#states;
    const whole = restarted ? this.#initialState() : this.#whole;
    requireSplit(whole, this.#stateAxes(), STATE);
    return splitTree(whole, this.#stateAxes(), sizes, STATE);
  }

  /** The axes of the state, which are the last. */
  #stateAxes(): Axes {
    const { axes } = this.#options;
    return axes === undefined ? 0 : (axes.at(-1) as Axes);
  }

  /** The number of rows of a batch. */
  #rowsOf(batch: readonly unknown[], axesOf: (i: number) => Axes): number {
    let rows: number | null = null;
    for (const [i, each] of batch.entries())
      eachTensor(each, axesOf(i), argument(i), (x, axis) => {
        const size = x.shape[axis] as number;
        if (rows !== null && size !== rows)
          throw new ShapeError(
            `fit: expected one size of the batch in all arguments, got ${rows} and ${size} in ${argument(i)}; give the axis of the batch of each argument in shards.axes`,
          );
        rows = size;
      });
    if (rows !== null) return rows;
    throw new ValueError(
      'fit: expected a tensor with a batch axis in the batch, got none to split into shards',
    );
  }

  /** The share of each shard in the mean. They add up to 1, or are 0 if nothing counts. */
  #sharesOf(args: readonly (readonly unknown[])[], sizes: readonly number[]): readonly number[] {
    const { weight } = this.#options;
    const weights = weight === undefined ? sizes : args.map((each) => requireWeight(weight(...(each as []))));
    const total = weights.reduce((sum, each) => sum + each, 0);
    return weights.map((each) => (total === 0 ? 0 : each / total));
  }
}

const STATE = 'the state';
const argument = (i: number): string => `argument ${i}`;

function requireWeight(weight: unknown): number {
  if (typeof weight === 'number' && weight >= 0 && weight < Infinity) return weight;
  throw new ValueError(`fit: expected a number from 0 on from shards.weight, got ${describeValue(weight)}`);
}
