/** The protocol of a run and its workers, with workers in this process. */
import { Random, type Tensor, tensor } from '@chronograd/tensor';
import { describe, expect, test } from 'vitest';
import { crossEntropy, Embedding, Linear, Module, SGD } from '../../src/index.ts';
import { WorkerError, type WorkerLink } from '../../src/parallel/index.ts';
import { fit, memoryStorage } from '../../src/training/index.ts';
import { bitsOf, eventsOf, valuesOf } from '../training/models.ts';
import { batchesOf, localWorkers, Model, replica, runOf } from './models.ts';

const after = async (more: Parameters<typeof runOf>[1], cell: 'rnn' | 'lstm' = 'lstm') => {
  const { run } = runOf(cell, more);
  const events = await eventsOf(run);
  return { bits: bitsOf(run.snapshot()), events };
};

describe.each(['rnn', 'lstm'] as const)('A run of 50 steps with dropout and a carried state: %s', (cell) => {
  test.each([4, 6])('has the same bits and events with 1, 2 and 3 workers on %i shards', async (shards) => {
    const alone = await after({ shards }, cell);
    for (const count of [1, 2, 3])
      for (const shared of [false, true]) {
        const workers = localWorkers(replica, { count, shared, data: cell });
        expect(await after({ shards, workers }, cell)).toEqual(alone);
      }
  });
});

test('Other shards are other sums: their bits differ', async () => {
  expect((await after({ shards: 4 })).bits).not.toEqual((await after({ shards: 6 })).bits);
});

test('accumulate, clipping by value, an average and validation change nothing about that', async () => {
  const more = {
    accumulate: 3,
    clip: { value: 0.05 },
    ema: 0.9,
    validation: { every: 4, batches: batchesOf(2) },
    steps: 12,
    shards: 5,
  } as const;
  const workers = localWorkers(replica, { count: 2, data: 'lstm' as const });
  expect(await after({ ...more, workers })).toEqual(await after(more));
});

test('Parameters that are assigned or frozen between updates, and modes, reach the workers', async () => {
  const steps = async (count: number) => {
    const workers = localWorkers(replica, { count, shared: true, data: 'lstm' as const });
    const { model, run } = runOf('lstm', { shards: 4, steps: 12, workers });
    for await (const event of run) {
      if (event.step === 3) model.decoder.bias?.assign(tensor([1, 2, 3, 4, 5]));
      if (event.step === 5) model.recurrent.freeze();
      if (event.step === 7) model.dropout.evaluate();
      if (event.step === 9) model.train().unfreeze();
    }
    return bitsOf(run.snapshot());
  };
  const [one, two] = [await steps(1), await steps(2)];
  expect(two).toEqual(one);
  expect(one).not.toEqual((await after({ shards: 4, steps: 12 })).bits);
});

test.each([false, true])('Tied weights have the same bits; shared memory: %s', async (shared) => {
  class Tied extends Module {
    readonly embedding = new Embedding(5, 4, { random: new Random(1) });
    readonly decoder = new Linear(4, 5, { random: new Random(2) });
    constructor() {
      super();
      Object.assign(this.decoder, { weight: this.embedding.weight });
    }
  }
  const tied = () => {
    const model = new Tied();
    const loss = (x: Tensor, y: Tensor) =>
      crossEntropy(model.decoder.forward(model.embedding.forward(x).tanh()), y);
    return { model, loss };
  };
  const weights = async (count: number) => {
    const { model, loss } = tied();
    const workers = localWorkers(tied, { count, shared });
    const optimizer = new SGD(model, { lr: 0.1 });
    await eventsOf(fit({ model, loss, optimizer, batches: batchesOf(5), shards: 4, workers }));
    expect(model.parameters().length).toBe(2);
    return valuesOf(model);
  };
  expect(await weights(3)).toEqual(await weights(1));
});

test.each([
  [1, 3],
  [2, 1],
  [3, 2],
])('A checkpoint of %i workers resumes on %i with the same bits', async (before, then) => {
  const storage = memoryStorage();
  const part = (count: number, steps: number) =>
    after({
      shards: 6,
      steps,
      workers: localWorkers(replica, { count, data: 'lstm' as const }),
      checkpoint: { storage, resume: true },
    });
  await part(before, 17);
  const resumed = await part(then, 40);
  expect(resumed.events[0]).toMatchObject({ type: 'step', step: 18 });
  expect(resumed.bits).toEqual((await after({ shards: 6, steps: 40 })).bits);
});

describe('Workers', () => {
  test('run while the run is iterated, and are ended by break, by an abort and at the end', async () => {
    const workers = localWorkers(replica, { count: 3, data: 'lstm' as const });
    const signal = { aborted: false };
    const { run } = runOf('lstm', { shards: 3, steps: 9, workers, signal });
    for await (const event of run) {
      expect(workers.closed).toEqual([]);
      if (event.step === 3) break;
    }
    expect(workers.closed).toEqual([1, 2]);
    for await (const event of run) if (event.step === 6) signal.aborted = true;
    expect(workers.closed).toEqual([1, 2, 1, 2]);
    expect(run.step).toBe(6);
    signal.aborted = false;
    await eventsOf(run);
    expect(bitsOf(run.snapshot())).toEqual((await after({ shards: 3, steps: 9 })).bits);
  });

  test('that fail end the run with their error, and it continues from the update before', async () => {
    let calls = 0;
    const failing = () => {
      const { model, loss } = replica('lstm');
      const failsOnce = (...args: Parameters<typeof loss>) => {
        if (++calls === 7) throw new RangeError('planned failure');
        return loss(...args);
      };
      return { model, loss: failsOnce };
    };
    const workers = localWorkers(failing, { count: 2 });
    const { run } = runOf('lstm', { shards: 2, steps: 10, workers, plan: false });
    const error: unknown = await eventsOf(run).catch((each: unknown) => each);
    expect(error).toBeInstanceOf(WorkerError);
    expect(error).toMatchObject({
      message: 'fit: worker 1: RangeError: planned failure',
      worker: 1,
      cause: { name: 'RangeError', stack: expect.stringContaining('workers.test.ts') },
    });
    expect(workers.closed).toEqual([1]);
    expect(run.step).toBe(6);
    await eventsOf(run);
    // The batch of the failed update was read: as after a step that is not finite.
    expect(run.step).toBe(10);
  });

  test.each([
    ['fails to build', () => Promise.reject(new TypeError('no model')), 'TypeError: no model'],
    ['exports no function', 3, 'replica: expected a function, got a number; write export const replica'],
    ['has other parameters', () => replica('rnn'), 'expected the parameters of the run, got'],
    ['has no loss', () => ({ model: new Model('lstm') }), 'expected a function for loss, got undefined'],
  ])('whose replica %s are an error', async (_, make, message) => {
    const workers = localWorkers(make as never, { count: 2 });
    const error: unknown = await eventsOf(runOf('lstm', { shards: 2, workers }).run).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(WorkerError);
    expect((error as Error).message).toMatch(message);
    expect(workers.closed).toEqual([1]);
  });

  test('that cannot be started end those that were', async () => {
    const local = localWorkers(replica, { count: 3, data: 'lstm' as const });
    const start = (rank: number): WorkerLink => {
      if (rank === 2) throw new RangeError('too many threads');
      return local.start(rank);
    };
    const { run } = runOf('lstm', { shards: 3, workers: { ...local, start } });
    await expect(eventsOf(run)).rejects.toThrow('too many threads');
    expect(local.closed).toEqual([1]);
  });

  test('are not used when the loss of the run itself fails: its error is thrown', async () => {
    const workers = localWorkers(replica, { count: 2, data: 'lstm' as const });
    const model = new Model('lstm');
    const run = fit({
      model,
      optimizer: new SGD(model, { lr: 1 }),
      loss: (x: Tensor, y: Tensor, before: unknown) => {
        if (workers.closed.length === 0) throw new RangeError('of the run');
        return { value: crossEntropy(model.logits(x, before).logits, y), aux: before };
      },
      initialState: () => model.recurrent.initialState(12) as unknown,
      batches: batchesOf(1),
      shards: 2,
      workers,
      check: false,
    });
    await expect(eventsOf(run)).rejects.toThrow('of the run');
    expect(workers.closed).toEqual([1]);
  });
});

test.each([
  [{ shards: 0 }, /whole number from 1 on for shards/],
  [{ shards: { count: 2, axis: 1 } }, /axis/],
  [{ shards: { count: 2, axes: 1 } }, /an array with the axes/],
  [{ shards: { count: 2, reduction: 'max' } }, /shards.reduction/],
  [{ shards: { count: 2, weight: 1 } }, /weight/],
  [{ shards: 2, workers: 2 }, /nodeWorkers\(…\) or webWorkers\(…\) for workers, got/],
  [{ workers: localWorkers(replica, { count: 2 }) }, /at least as many shards as workers, got 1 for 2/],
  [
    { shards: 4, workers: localWorkers(replica, { count: 2 }), around: (update: () => void) => update() },
    /no workers with around/,
  ],
])('%o is refused before the run', (more, message) => {
  expect(() => runOf('lstm', more as never)).toThrow(message as RegExp);
});
