/** Gradients of shards, one shard after another, added in the canonical order. */
import {
  type Gradients,
  leavesOf,
  mapTree,
  type ValueAndGrads,
  type ValueOrAux,
  valueAndGrad,
} from '@chronograd/autograd';
import { plan, Random, scope, type Tensor } from '@chronograd/tensor';
import type { Module } from '../module.ts';
import type { ShardBatch, ShardJob, ShardResult } from './messages.ts';
import { type Part, withPart } from './partial-sums.ts';
import type { Slots, TensorList } from './slots.ts';

export type Grads = Gradients<Module>;

/** What determines the gradient of a shard. */
export interface ShardLoss {
  readonly model: Module;
  readonly loss: (...args: readonly unknown[]) => ValueOrAux<unknown>;
  /** Whether the loss receives a state and returns the next one. */
  readonly carries: boolean;
  /** Generators that the loss draws from. Each shard has its own seeds for them. */
  readonly randoms: readonly Random[];
  readonly plan: boolean;
  /** The number of replays to verify. */
  readonly verify: number;
}

export interface ShardSums {
  /** Valid until the next sum. */
  readonly parts: readonly Part<TensorList>[];
  readonly results: readonly ShardResult[];
}

export class ShardGradients {
  readonly #options: ShardLoss;
  readonly #slots: Slots;
  readonly #lossAndGrads: (...args: readonly unknown[]) => ValueAndGrads<Grads, unknown>;
  #like: Grads | null = null;

  /** @param slots where the parts of the sum are kept. */
  constructor(options: ShardLoss, slots: Slots) {
    this.#options = options;
    this.#slots = slots;
    const lossAndGrads = valueAndGrad(options.model, options.loss);
    this.#lossAndGrads = options.plan ? plan(lossAndGrads, { verify: options.verify }) : lossAndGrads;
  }

  /** The last gradient, for its form: its tensors are no longer valid. */
  get like(): Grads {
    return this.#like as Grads;
  }

  /**
   * The gradients of the jobs of the shards from `first` on. Random generators are as before.
   */
  sum(jobs: readonly ShardJob[], first: number): ShardSums {
    const { randoms } = this.#options;
    const states = randoms.map(({ state }) => state);
    try {
      let parts: readonly Part<TensorList>[] = [];
      const results = jobs.map((job, i) =>
        this.#ofShard(job, (grads) => {
          const sum = leavesOf('fit', grads).map(({ leaf }) => leaf);
          const after = withPart(parts, { first: first + i, size: 1, sum }, addLists);
          const last = after.at(-1) as Part<TensorList>;
          const slot = after.length - 1;
          parts = [...after.slice(0, slot), { ...last, sum: this.#slots.keep(slot, last.sum) }];
        }),
      );
      return { parts, results };
    } finally {
      for (const [i, random] of randoms.entries()) random.state = states[i] as (typeof states)[number];
    }
  }

  /** @param keep is called with the sum over the batches of the shard, in the scope of the last. */
  #ofShard(job: ShardJob, keep: (grads: Grads) => void): ShardResult {
    const losses: number[] = [];
    let after: { readonly sum: Grads | null; readonly state: unknown } = { sum: null, state: undefined };
    for (const [i, batch] of job.entries()) {
      const { sum: before, state } = after;
      after = scope((): typeof after => {
        const { value, grads, aux } = this.#ofBatch(batch, state);
        losses.push(value.item());
        const scaled = scaleGrads(grads, batch.share);
        const sum = before === null ? scaled : addGrads(before, scaled);
        if (i < job.length - 1) return { sum, state: aux };
        this.#like = sum;
        keep(sum);
        return { sum: null, state: aux };
      });
    }
    return { losses, state: after.state };
  }

  #ofBatch({ args, before, seeds }: ShardBatch, state: unknown): ValueAndGrads<Grads, unknown> {
    const { carries, randoms } = this.#options;
    for (const [i, random] of randoms.entries()) random.state = new Random(seeds[i] as number).state;
    if (!carries) return { ...this.#lossAndGrads(...args), aux: undefined };
    return this.#lossAndGrads(...args, before === null ? state : before.state);
  }
}

export const addLists = (a: TensorList, b: TensorList): TensorList => a.map((x, i) => x.add(b[i] as Tensor));

export function addGrads(a: Grads, b: Grads): Grads {
  const others: Tensor[] = [];
  mapTree('fit', b, (leaf) => others.push(leaf));
  let i = 0;
  return mapTree('fit', a, (leaf) => leaf.add(others[i++] as Tensor)) as Grads;
}

export const scaleGrads = (tree: Grads, factor: number): Grads =>
  factor === 1 ? tree : (mapTree('fit', tree, (leaf) => leaf.mul(factor)) as Grads);
