/** A replica of the model in a worker: receives parameters, and computes sums of gradients. */
import { type Parameter, type TypedArray, useKernels, ValueError } from '@chronograd/tensor';
import { describeValue, elementsOf, showShape, writePersistent } from '@chronograd/tensor/engine';
import { requireModule } from '../internal/require.ts';
import type { Module } from '../module.ts';
import type { StartMessage, StepMessage } from './messages.ts';
import { type FromWorker, packed, type ShardJob, unpacked } from './messages.ts';
import { slotsFor } from './partial-sums.ts';
import { randomsIn } from './randoms.ts';
import { ShardGradients, type ShardLoss } from './shard-gradients.ts';
import { listsOver } from './shared-arrays.ts';
import { Slots } from './slots.ts';
import type { Replica } from './workers.ts';

export class ReplicaServer {
  readonly #start: StartMessage;
  readonly #model: Module;
  readonly #parameters: readonly Parameter[];
  readonly #slots: Slots;
  readonly #gradients: ShardGradients;
  /** Views of the parameters in shared memory; null without. */
  readonly #shared: readonly TypedArray[] | null;

  /** @throws ValueError for a replica that differs from the model of the run. */
  constructor(start: StartMessage, replica: Replica) {
    useKernels(start.kernels);
    const { model, loss, randoms: others = [] } = replica ?? {};
    requireModule('replica', model);
    if (typeof loss !== 'function')
      throw new ValueError(`replica: expected a function for loss, got ${describeValue(loss)}`);
    const randoms = randomsIn(model, others);
    requireSame('parameters', start.parameters, parameterList(model));
    requireSame('the number of random generators', [start.randoms], [randoms.length]);
    this.#start = start;
    this.#model = model;
    this.#parameters = model.parameters();
    const { carries, plan, verify, memory } = start;
    this.#slots = new Slots(slotsFor(start.first, start.end), memory?.sums ?? null);
    const shardLoss = {
      model,
      loss: loss as ShardLoss['loss'],
      carries,
      randoms,
      plan,
      verify,
    };
    this.#gradients = new ShardGradients(shardLoss, this.#slots);
    this.#shared = memory === null ? null : (listsOver(memory.parameters, this.#parameters, 1)[0] ?? []);
  }

  step(message: StepMessage): FromWorker {
    this.#update(message);
    const jobs = unpacked(message.jobs) as readonly ShardJob[];
    const { parts, results } = this.#gradients.sum(jobs, this.#start.first);
    const sums = this.#start.memory === null ? parts.map((_, slot) => this.#slots.arraysAt(slot)) : null;
    return { type: 'done', results: packed(results), sums };
  }

  #update({ changed, values, training, frozen }: StepMessage): void {
    for (const [i, at] of changed.entries()) {
      const { storage } = this.#parameters[at] as Parameter;
      const array = (this.#shared?.[at] ?? values?.[i]) as TypedArray;
      writePersistent(storage, 'fit', () => elementsOf(storage).set(array));
    }
    for (const [i, [, module]] of this.#model.namedModules().entries())
      if (module.training !== training[i]) module.training = training[i] as boolean;
    for (const [i, parameter] of this.#parameters.entries())
      if (parameter.frozen !== frozen[i]) parameter.frozen = frozen[i] as boolean;
  }
}

/** Names, dtypes and shapes. */
export const parameterList = (model: Module): readonly string[] =>
  model.namedParameters().map(([name, { dtype, shape }]) => `${name} ${dtype} ${showShape(shape)}`);

function requireSame(what: string, run: readonly unknown[], own: readonly unknown[]): void {
  const at = Math.max(run.length, own.length);
  for (let i = 0; i < at; i++) {
    if (run[i] === own[i]) continue;
    throw new ValueError(
      `replica: expected the ${what} of the run, got ${own[i] ?? 'none'} for ${run[i] ?? 'none'}; build the same model as the run`,
    );
  }
}
