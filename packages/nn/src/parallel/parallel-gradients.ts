/** The gradient of a batch in shards: the run's own, and those of workers. */

import { mapTree } from '@chronograd/autograd';
import type { ShardJob, ShardResult } from './messages.ts';
import { type Part, slotsFor, totalOf, withPart } from './partial-sums.ts';
import { addLists, type Grads, ShardGradients, type ShardLoss, type ShardSums } from './shard-gradients.ts';
import { type ShardOptions, Shards } from './shards.ts';
import { Slots, type TensorList } from './slots.ts';
import { rangesOf, type ShardRange, Team } from './team.ts';
import type { Workers } from './workers.ts';

/** The gradient of all shards. */
export interface ParallelGradient {
  readonly loss: number;
  /** Losses and states of all shards, in order. */
  readonly results: readonly ShardResult[];
  /** Adds what is left to add. Call it in the scope where the gradient is used. */
  readonly grads: () => Grads;
}

export class ParallelGradients {
  readonly #workers: Workers | null;
  readonly #loss: ShardLoss;
  readonly #ranges: readonly ShardRange[];
  readonly #own: ShardGradients;
  readonly #shards: Shards;
  #team: Team | null = null;

  /** @param workers null: this thread computes all shards. */
  constructor(
    loss: ShardLoss,
    options: ShardOptions,
    workers: Workers | null,
    initialState: (() => unknown) | undefined,
  ) {
    this.#workers = workers;
    this.#loss = loss;
    this.#ranges = rangesOf(options.count, workers?.count ?? 1);
    const { first, end } = this.#ranges[0] as ShardRange;
    this.#own = new ShardGradients(loss, new Slots(slotsFor(first, end), null));
    this.#shards = new Shards(options, initialState, loss.randoms);
  }

  get carried(): unknown {
    return this.#shards.carried;
  }
  set carried(state: unknown) {
    this.#shards.carried = state;
  }
  carry(results: readonly ShardResult[]): void {
    this.#shards.carry(results);
  }

  /** Starts the workers. @throws WorkerError */
  async open(): Promise<void> {
    if (this.#workers === null || this.#ranges.length === 1) return;
    this.#team = new Team(this.#workers, this.#ranges, this.#loss);
    await this.#team.start();
  }

  /** Ends the workers. */
  close(): void {
    this.#team?.close();
    this.#team = null;
  }

  /** The gradient of the batches of one update. It is a promise if there are workers. */
  of(readings: Parameters<Shards['jobs']>[0]): ParallelGradient | Promise<ParallelGradient> {
    const jobs = this.#shards.jobs(readings);
    const others = this.#team?.send(jobs);
    const { first, end } = this.#ranges[0] as ShardRange;
    const own = this.#own.sum(jobs.slice(first, end), first);
    const { like } = this.#own;
    if (others === undefined) return combined(jobs, [own], like);
    const [part] = own.parts as readonly [Part<TensorList>];
    return others.receive(part.sum).then((sums) => combined(jobs, [own, ...sums], like));
  }
}

/**
 * @param sums those of all workers, in the order of their shards.
 * @param like a gradient of the form of the result.
 */
function combined(jobs: readonly ShardJob[], sums: readonly ShardSums[], like: Grads): ParallelGradient {
  const results = sums.flatMap((each) => each.results);
  let loss = 0;
  for (const [shard, { losses }] of results.entries())
    for (const [i, value] of losses.entries()) loss += value * (jobs[shard]?.[i]?.share as number);
  const grads = (): Grads => {
    let parts: readonly Part<TensorList>[] = [];
    for (const { parts: more } of sums) for (const part of more) parts = withPart(parts, part, addLists);
    const total = totalOf(parts, addLists);
    let next = 0;
    return mapTree('fit', like, () => total[next++]) as Grads;
  };
  return { loss, results, grads };
}
