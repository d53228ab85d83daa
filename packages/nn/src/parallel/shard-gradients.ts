/** Gradients of shards, one shard after another, added in the canonical order. */
import {
  type Gradients,
  mapTree,
  type ValueAndGrads,
  type ValueOrAux,
  valueAndGrad,
} from '@chronograd/autograd';
import { plan, Random, scope, type Tensor } from '@chronograd/tensor';
import type { Module } from '../module.ts';
import type { ShardBatch, ShardJob, ShardResult } from './messages.ts';
import { type Part, withPart } from './partial-sums.ts';

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
  readonly parts: readonly Part<Grads>[];
  readonly results: readonly ShardResult[];
}

export class ShardGradients {
  readonly #options: ShardLoss;
  readonly #lossAndGrads: (...args: readonly unknown[]) => ValueAndGrads<Grads, unknown>;

  constructor(options: ShardLoss) {
    this.#options = options;
    const lossAndGrads = valueAndGrad(options.model, options.loss);
    this.#lossAndGrads = options.plan ? plan(lossAndGrads, { verify: options.verify }) : lossAndGrads;
  }

  /**
   * The gradients of the jobs of the shards from `first` on. Random generators are as before.
   */
  sum(jobs: readonly ShardJob[], first: number): ShardSums {
    const { randoms } = this.#options;
    const states = randoms.map(({ state }) => state);
    try {
      let parts: readonly Part<Grads>[] = [];
      const results: ShardResult[] = [];
      for (const [i, job] of jobs.entries()) {
        const { grads, ...result } = this.#ofShard(job);
        parts = scope(() => withPart(parts, { first: first + i, size: 1, sum: grads }, addGrads));
        results.push(result);
      }
      return { parts, results };
    } finally {
      for (const [i, random] of randoms.entries()) random.state = states[i] as (typeof states)[number];
    }
  }

  /** The sum over the batches of a shard. */
  #ofShard(job: ShardJob): ShardResult & { readonly grads: Grads } {
    const losses: number[] = [];
    let state: unknown;
    let sum: Grads | null = null;
    for (const batch of job) {
      const before: Grads | null = sum;
      const next = scope((): { readonly sum: Grads; readonly state: unknown } => {
        const { value, grads, aux } = this.#ofBatch(batch, state);
        losses.push(value.item());
        const scaled = scaleGrads(grads, batch.share);
        return { sum: before === null ? scaled : addGrads(before, scaled), state: aux };
      });
      sum = next.sum;
      state = next.state;
    }
    return { grads: sum as Grads, losses, state };
  }

  #ofBatch({ args, before, seeds }: ShardBatch, state: unknown): ValueAndGrads<Grads, unknown> {
    const { carries, randoms } = this.#options;
    for (const [i, random] of randoms.entries()) random.state = new Random(seeds[i] as number).state;
    if (!carries) return { ...this.#lossAndGrads(...args), aux: undefined };
    return this.#lossAndGrads(...args, before === null ? state : before.state);
  }
}

export function addGrads(a: Grads, b: Grads): Grads {
  const others: Tensor[] = [];
  mapTree('fit', b, (leaf) => others.push(leaf));
  let i = 0;
  return mapTree('fit', a, (leaf) => leaf.add(others[i++] as Tensor)) as Grads;
}

export const scaleGrads = (tree: Grads, factor: number): Grads =>
  factor === 1 ? tree : (mapTree('fit', tree, (leaf) => leaf.mul(factor)) as Grads);
