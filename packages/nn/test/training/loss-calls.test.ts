/** Laws of how `fit` and `evaluateLoss` call the loss, and of what they do between batches. */
import { ones, type Tensor } from '@chronograd/tensor';
import { afterEach, expect, test, vi } from 'vitest';
import { SGD, TrainingError } from '../../src/index.ts';
import { evaluateLoss, fit } from '../../src/training/index.ts';
import { localWorkers } from '../parallel/models.ts';
import { CharModel, eventsOf } from './models.ts';

afterEach(() => void vi.restoreAllMocks());

function setup() {
  const model = new CharModel();
  const optimizer = new SGD(model, { lr: 0.1 });
  const value = (): Tensor =>
    model
      .namedParameters()
      .map(([, each]) => each.sum())
      .reduce((a, b) => a.add(b));
  return { model, optimizer, value };
}

const batches = [[ones([1, 2]), ones([1, 2])]];

test('Without a carried state the loss gets the elements of a batch alone, and evaluateLoss reads no aux', async () => {
  const { model, optimizer, value } = setup();
  const counts = new Set<number>();
  const loss = (...args: unknown[]) => {
    counts.add(args.length);
    return value();
  };
  for (const more of [{}, { plan: false }, { shards: 2 }])
    await eventsOf(fit({ model, optimizer, loss, batches: [...batches, ...batches], ...more } as never));
  await evaluateLoss({
    model,
    loss: (...args: unknown[]) => ({ value: loss(...args), aux: new Map() }),
    batches,
  } as never);
  expect([...counts]).toEqual([2]);
});

test('The check before the first update refuses a loss that uses no parameter', async () => {
  const { model, optimizer } = setup();
  const run = fit({ model, optimizer, loss: () => ones([]), batches, check: true } as never);
  await expect(eventsOf(run)).rejects.toThrow(TrainingError);
});

test('With the check, a loss whose formula changes after the first update is refused', async () => {
  const { model, optimizer, value } = setup();
  let factor = 1;
  const loss = () => value().mul(factor++);
  const run = fit({
    model,
    optimizer,
    loss,
    batches: [...batches, ...batches, ...batches],
    check: true,
  } as never);
  await expect(eventsOf(run)).rejects.toThrow();
});

test('A due pause ends before the next batch is read', async () => {
  const { model, value } = setup();
  let now = 0;
  vi.spyOn(Date, 'now').mockImplementation(() => now);
  const log: string[] = [];
  function* read() {
    for (let i = 0; i < 2; i++) {
      log.push('batch');
      now += 60;
      yield [ones([1])];
    }
  }
  const pause = async () => {
    await new Promise(setImmediate);
    log.push('pause');
  };
  await evaluateLoss({ model, loss: value, batches: read(), pause } as never);
  expect(log).toEqual(['batch', 'pause', 'batch', 'pause']);
});

test('One worker is allowed with around, which runs in its thread', () => {
  const { model, optimizer, value } = setup();
  const workers = localWorkers(() => ({ model, loss: value }) as never, { count: 1 });
  const around = (update: () => void) => update();
  expect(() => fit({ model, optimizer, loss: value, batches, workers, around } as never)).not.toThrow();
});
