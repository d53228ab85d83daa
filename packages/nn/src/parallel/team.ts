/** The run's side: starts workers, sends them parameters and shards, and receives their sums. */
import { kernelsInUse, type Parameter, type TypedArray } from '@chronograd/tensor';
import { elementsOf, wrap } from '@chronograd/tensor/engine';
import { Member } from './member.ts';
import {
  type FromWorker,
  packed,
  type ShardJob,
  type ShardResult,
  type StepMessage,
  unpacked,
} from './messages.ts';
import { type Part, partsIn, slotsFor } from './partial-sums.ts';
import { parameterList } from './replica-server.ts';
import type { ShardLoss, ShardSums } from './shard-gradients.ts';
import { canShare, listsOver, sharedMemory } from './shared-arrays.ts';
import type { TensorList } from './slots.ts';
import type { Workers } from './workers.ts';

/** The shards of a worker: `first … end − 1`. */
export interface ShardRange {
  readonly first: number;
  readonly end: number;
}

/** The shards of each worker, neighbours together. The first workers have the fewest. */
export const rangesOf = (shards: number, workers: number): readonly ShardRange[] =>
  Array.from({ length: workers }, (_, i) => ({
    first: Math.floor((i * shards) / workers),
    end: Math.floor(((i + 1) * shards) / workers),
  }));

interface Mate {
  readonly member: Member;
  readonly range: ShardRange;
  readonly parts: readonly Part<null>[];
  /** Memory for its sums; null without shared memory. */
  readonly sums: SharedArrayBuffer | null;
}

/** The workers of a run besides its own thread. */
export class Team {
  readonly #loss: ShardLoss;
  readonly #parameters: readonly Parameter[];
  /** The versions of the parameters that the workers have. */
  readonly #versions: number[];
  readonly #memory: SharedArrayBuffer | null;
  readonly #workers: Workers;
  readonly #ranges: readonly ShardRange[];
  readonly #mates: Mate[] = [];

  /** @param ranges the shards of all workers; the first is the run's own. */
  constructor(workers: Workers, ranges: readonly ShardRange[], loss: ShardLoss) {
    this.#workers = workers;
    this.#ranges = ranges;
    this.#loss = loss;
    this.#parameters = loss.model.parameters();
    this.#versions = this.#parameters.map(() => -1);
    this.#memory = workers.shared && canShare ? sharedMemory(this.#parameters, 1) : null;
  }

  /** Starts the workers. Close the team also after an error. @throws WorkerError */
  async start(): Promise<void> {
    for (const [i, range] of this.#ranges.slice(1).entries()) {
      const parts = partsIn(range.first, range.end);
      const sums =
        this.#memory === null ? null : sharedMemory(this.#parameters, slotsFor(range.first, range.end));
      this.#mates.push({ member: new Member(this.#workers, i + 1), range, parts, sums });
    }
    const { model, randoms, carries, plan, verify } = this.#loss;
    const common = {
      data: this.#workers.data,
      // A worker need not load wide kernels. Fast ones give the same bits.
      kernels: kernelsInUse() === 'wide' ? 'fast' : kernelsInUse(),
      plan,
      verify,
      carries,
      randoms: randoms.length,
    };
    const parameters = parameterList(model);
    const started = this.#mates.map(async ({ member, range, sums }) => {
      await member.next();
      const memory = sums === null || this.#memory === null ? null : { parameters: this.#memory, sums };
      await member.request({ type: 'start', ...common, ...range, parameters, memory });
    });
    await Promise.all(started);
  }

  /**
   * Sends each worker its shards. Call `receive` of the result after the run's own shards.
   * @param jobs those of all shards.
   */
  send(jobs: readonly ShardJob[]): { receive(like: TensorList): Promise<readonly ShardSums[]> } {
    const common = { type: 'step', ...this.#changes(), ...this.#modes() } as const;
    const answers = this.#mates.map(({ member, range }) =>
      member.request({ ...common, jobs: packed(jobs.slice(range.first, range.end)) }),
    );
    // The run may fail before it waits for them.
    for (const answer of answers) answer.catch(() => undefined);
    return {
      receive: async (like) => {
        const received = await Promise.all(answers);
        return received.map((answer, i) => sumsOf(this.#mates[i] as Mate, answer, like));
      },
    };
  }

  /** Ends the workers. */
  close(): void {
    for (const { member } of this.#mates) member.close();
  }

  /** The parameters that have changed since the last step. */
  #changes(): Pick<StepMessage, 'changed' | 'values'> {
    const changed = [...this.#parameters.keys()].filter(
      (i) => this.#versions[i] !== (this.#parameters[i] as Parameter).storage.version,
    );
    for (const i of changed) this.#versions[i] = (this.#parameters[i] as Parameter).storage.version;
    const arrays = changed.map((i) => elementsOf((this.#parameters[i] as Parameter).storage));
    if (this.#memory === null) return { changed, values: arrays.map((array) => array.slice()) };
    const [views = []] = listsOver(this.#memory, this.#parameters, 1);
    for (const [at, i] of changed.entries()) views[i]?.set(arrays[at] as TypedArray);
    return { changed, values: null };
  }

  #modes(): Pick<StepMessage, 'training' | 'frozen'> {
    return {
      training: this.#loss.model.namedModules().map(([, module]) => module.training),
      frozen: this.#parameters.map(({ frozen }) => frozen),
    };
  }
}

/** @param like gradients of the run's own shards, for their shapes. */
function sumsOf({ parts, sums }: Mate, answer: FromWorker, like: TensorList): ShardSums {
  const { results, sums: sent } = answer as FromWorker & { readonly type: 'done' };
  const arrays = sums === null ? (sent ?? []) : listsOver(sums, like, parts.length);
  const listOf = (slot: number): TensorList =>
    like.map(({ shape }, i) => wrap(arrays[slot]?.[i] as TypedArray, shape, 'shards'));
  return {
    results: unpacked(results) as readonly ShardResult[],
    parts: parts.map(({ first, size }, slot) => ({ first, size, sum: listOf(slot) })),
  };
}
