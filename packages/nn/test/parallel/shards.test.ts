import { normal, Random, type Tensor, tensor } from '@chronograd/tensor';
import { describe, expect, test } from 'vitest';
import { Adam, crossEntropy, Linear, Module, SGD } from '../../src/index.ts';
import type { ShardOptions } from '../../src/parallel/index.ts';
import { fit, NonFiniteStepError } from '../../src/training/index.ts';
import { bitsOf, eventsOf, valuesOf } from '../training/models.ts';
import { BATCH, batchesOf, indices, Model, runOf, T } from './models.ts';

type Batch = readonly [Tensor, Tensor];

/** Weights after one step of SGD in float64, with a rate of 1: the weights less the gradient. */
async function afterStep(shards: number | ShardOptions<Batch> | undefined, more: object = {}) {
  const model = new Model('lstm', 0, 'float64');
  const batch = (more as { batch?: Batch }).batch ?? (batchesOf(1)[0] as Batch);
  const reduction = (more as { reduction?: 'sum' }).reduction ?? 'mean';
  const run = fit({
    model,
    optimizer: new SGD(model, { lr: 1 }),
    loss: (x: Tensor, y: Tensor, before: unknown) => {
      const { logits, state } = model.logits(x, before);
      return { value: crossEntropy(logits, y, { reduction }), aux: state };
    },
    initialState: () => model.recurrent.initialState(batch[0].shape[1] as number) as unknown,
    batches: [batch],
    check: false,
    ...(shards === undefined ? {} : { shards: shards as number }),
  });
  const [step] = await eventsOf(run);
  return { loss: (step as { loss: number }).loss, weights: valuesOf(model), run };
}

function expectClose(a: readonly number[], b: readonly number[]): void {
  expect(a.length).toBe(b.length);
  for (const [i, x] of a.entries()) expect(Math.abs(x - (b[i] as number))).toBeLessThan(1e-14);
}

describe('The gradient of shards', () => {
  test.each([2, 3, 4, 5, 7, 12])('of %i shards is that of the batch, to rounding', async (count) => {
    const whole = await afterStep(undefined);
    const sharded = await afterStep(count);
    expectClose(sharded.weights, whole.weights);
    expect(sharded.loss).toBeCloseTo(whole.loss, 13);
  });

  test('of a summed loss is that of the batch', async () => {
    const whole = await afterStep(undefined, { reduction: 'sum' });
    const sharded = await afterStep({ count: 5, reduction: 'sum' }, { reduction: 'sum' });
    expectClose(
      sharded.weights.map((x) => x / 100),
      whole.weights.map((x) => x / 100),
    );
    expect(sharded.loss).toBeCloseTo(whole.loss, 11);
  });

  test('weighted by elements that count is that of the batch, whose rows are masked unevenly', async () => {
    const [x, y] = batchesOf(1)[0] as Batch;
    const targets = tensor(
      y.toTypedArray().map((each, i) => (i % BATCH < 5 && i > BATCH ? -100 : each)) as Int32Array,
      { shape: [T, BATCH] },
    );
    const batch = [x, targets] as const;
    const weight = (_: Tensor, part: Tensor) => part.notEqual(-100).cast('int32').sum().item();
    const whole = await afterStep(undefined, { batch });
    expectClose((await afterStep({ count: 4, weight }, { batch })).weights, whole.weights);
    const unweighted = await afterStep(4, { batch });
    expect(
      Math.max(...unweighted.weights.map((w, i) => Math.abs(w - (whole.weights[i] as number)))),
    ).toBeGreaterThan(1e-3);
  });

  test('in which nothing counts is 0', async () => {
    const [x] = batchesOf(1)[0] as Batch;
    const batch = [x, tensor(new Int32Array(T * BATCH).fill(-100), { shape: [T, BATCH] })] as const;
    const { weights, loss } = await afterStep({ count: 3, weight: () => 0 }, { batch });
    expect(loss).toBe(0);
    expect(weights).toEqual(valuesOf(new Model('lstm', 0, 'float64')));
  });
});

describe('A run in shards', () => {
  test('of one shard has the bits of a run without', async () => {
    const [plain, one] = [runOf('lstm'), runOf('lstm', { shards: 1 })];
    await eventsOf(plain.run);
    await eventsOf(one.run);
    expect(bitsOf(one.run.snapshot())).toEqual(bitsOf(plain.run.snapshot()));
  });

  test('carries the state of each shard: it is that of the whole batch, to rounding', async () => {
    const more = { shards: 4, steps: 13, plan: true } as const;
    const still = { lr: 0 };
    const states = await Promise.all(
      [{ ...more, shards: 1 }, more].map(async (options) => {
        const model = new Model('lstm', 0);
        const run = fit({
          model,
          optimizer: new SGD(model, still),
          loss: (x: Tensor, y: Tensor, before: unknown) => {
            const { logits, state } = model.logits(x, before);
            return { value: crossEntropy(logits, y), aux: state };
          },
          initialState: () => model.recurrent.initialState(BATCH) as unknown,
          batches: batchesOf(10),
          epochs: 2,
          ...options,
        });
        await eventsOf(run);
        return run.carried as { h: Tensor; c: Tensor };
      }),
    );
    const [whole, sharded] = states as [{ h: Tensor; c: Tensor }, { h: Tensor; c: Tensor }];
    expect(sharded.h.shape).toEqual([BATCH, 4]);
    for (const name of ['h', 'c'] as const)
      expect(Math.max(...whole[name].sub(sharded[name]).abs().toTypedArray())).toBeLessThan(1e-5);
    expect(Math.max(...whole.h.abs().toTypedArray())).toBeGreaterThan(0.01);
  });

  test('drops other elements in each shard', async () => {
    const model = new Model('rnn', 0.5);
    const masks: number[][] = [];
    const x = tensor(new Float32Array(T * 8 * 4).fill(1), { shape: [T, 8, 4] });
    const run = fit({
      model,
      optimizer: new SGD(model, { lr: 0.1 }),
      loss: (part: Tensor) => {
        const dropped = model.dropout.forward(part);
        masks.push([...dropped.toTypedArray()]);
        return model.decoder
          .forward(dropped)
          .sum()
          .add(model.logits(indices(new Random(1), [1, 1]), undefined).logits.sum());
      },
      batches: [[x], [x]],
      shards: 4,
      plan: false,
      check: false,
    });
    await eventsOf(run);
    expect(masks.length).toBe(8);
    expect(new Set(masks.map(String)).size).toBe(8);
  });

  test('accumulates batches: the mean of the gradients of the batches of each shard', async () => {
    const halves = await Promise.all(
      [{ shards: 1 }, { shards: 4 }].map(async (more) => {
        const model = new Model('lstm', 0, 'float64');
        const run = fit({
          model,
          optimizer: new SGD(model, { lr: 1 }),
          loss: (x: Tensor, y: Tensor, before: unknown) => {
            const { logits, state } = model.logits(x, before);
            return { value: crossEntropy(logits, y), aux: state };
          },
          initialState: () => model.recurrent.initialState(BATCH) as unknown,
          batches: batchesOf(4),
          accumulate: 2,
          check: false,
          ...more,
        });
        await eventsOf(run);
        return valuesOf(model);
      }),
    );
    expectClose(halves[0] as number[], halves[1] as number[]);
  });

  test('continues after a step that is not finite, with the state before it', async () => {
    let infinite = false;
    const model = new Model('rnn', 0);
    const run = fit({
      model,
      optimizer: new Adam(model),
      loss: (x: Tensor, y: Tensor, before: unknown) => {
        const { logits, state } = model.logits(x, before);
        return { value: crossEntropy(logits, y).div(infinite ? 0 : 1), aux: state };
      },
      initialState: () => model.recurrent.initialState(BATCH) as unknown,
      batches: batchesOf(3),
      shards: 3,
      plan: false,
    });
    const iterator = run[Symbol.asyncIterator]();
    await iterator.next();
    const { tensors } = run.snapshot();
    infinite = true;
    await expect(iterator.next()).rejects.toThrow(NonFiniteStepError);
    expect(run.snapshot().tensors).toEqual(tensors);
    infinite = false;
    expect((await eventsOf(run)).map(({ type }) => type)).toEqual(['step', 'done']);
  });
});

test.each([
  [null, /expected an axis for the state in shards.axes, got null/],
  [2, /at least 3 axes for the state.h, got shape \[12, 4\]/],
] as const)('The axis %s of the state is an error', async (axis, message) => {
  const { run } = runOf('lstm', { shards: { count: 2, axes: [1, 1, axis] } });
  await expect(eventsOf(run)).rejects.toThrow(message);
});

test('A tensor in two arguments is split along the axis of each', async () => {
  const square = tensor(
    new Float32Array(16).map((_, i) => i),
    { shape: [4, 4] },
  );
  const linear = new Linear(4, 4, { random: new Random(1) });
  const seen: unknown[] = [];
  const loss = (rows: Tensor, columns: Tensor) => {
    seen.push([rows.toArray(), columns.toArray()]);
    return linear.forward(rows).sum();
  };
  const optimizer = new SGD(linear, { lr: 0.1 });
  const shards = { count: 2, axes: [0, 1] };
  const batches: [Tensor, Tensor][] = [[square, square]];
  await eventsOf(fit({ model: linear, optimizer, loss, batches, shards, plan: false, check: false }));
  const [first, last] = square.split([2, 2], 0).map((x) => x.toArray());
  const [left, right] = square.split([2, 2], 1).map((x) => x.toArray());
  expect(seen).toEqual([
    [first, left],
    [last, right],
  ]);
});

describe('Axes of arguments', () => {
  class Rows extends Module {
    readonly linear = new Linear(3, 2, { random: new Random(1) });
  }
  const x = normal([8, 3], { random: new Random(2) });
  const scale = tensor([2, 3]);
  const after = async (shards: number | ShardOptions) => {
    const model = new Rows();
    const loss = ({ rows }: { rows: Tensor }, by: Tensor) =>
      model.linear.forward(rows).mul(by).square().mean();
    await eventsOf(
      fit({
        model,
        optimizer: new SGD(model, { lr: 1 }),
        loss,
        batches: [[{ rows: x }, scale]] as const,
        shards: shards as number,
      }),
    );
    return valuesOf(model);
  };

  test('are a number, null for the whole argument, or a tree of them', async () => {
    const whole = await after(1);
    for (const axes of [
      [0, null],
      [{ rows: 0 }, null],
    ] as const)
      for (const [i, value] of (await after({ count: 4, axes })).entries())
        expect(value).toBeCloseTo(whole[i] as number, 5);
  });

  test.each([
    [{ count: 4 }, /argument 1: expected|at least 2 axes for argument 1, got shape \[2\]/],
    [{ count: 4, axes: [0] }, /shards.axes of the loss's 2 arguments, got 1/],
    [{ count: 4, axes: [0, 0] }, /one size of the batch in all arguments, got 8 and 2 in argument 1/],
    [{ count: 9, axes: [0, null] }, /a batch of at least 9 rows for 9 shards, got 8/],
    [{ count: 4, axes: [null, null] }, /a tensor with a batch axis/],
    [{ count: 4, axes: [{ row: 0 }, null] }, /axis of the batch or null for argument 0.rows .* undefined/],
    [{ count: 4, axes: [0, null], weight: () => -1 }, /a number from 0 on from shards.weight/],
  ] as const)('%o is an error that says what to change', async (shards, message) => {
    await expect(after(shards as ShardOptions)).rejects.toThrow(message);
  });
});
