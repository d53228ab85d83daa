/** Batches of every kind: passes, ends, positions, and the state that is carried between them. */
import { Random, type Tensor, tensor, zeros } from '@chronograd/tensor';
import { expect, test, vi } from 'vitest';
import { Streams } from '../../src/data/index.ts';
import { Linear, SGD } from '../../src/index.ts';
import { type BatchSource, evaluateLoss, fit, streamBatches } from '../../src/training/index.ts';
import { eventsOf, text } from './models.ts';

type Batch = [Tensor];
const batches = (count: number): Batch[] => Array.from({ length: count }, (_, i) => [tensor([[i, 1]])]);
async function* later(count: number): AsyncGenerator<Batch> {
  yield* batches(count);
}

/** A model, and a loss that lists the batches and states that it gets. */
function made() {
  const model = new Linear(2, 1, { random: new Random(1) });
  const optimizer = new SGD(model, { lr: 0.01 });
  const seen: number[] = [];
  const states: number[] = [];
  const loss = (x: Tensor) => {
    seen.push(x.toTypedArray()[0]!);
    return model.forward(x).sum();
  };
  const carrying = (x: Tensor, state: Tensor) => {
    states.push(state.item());
    return { value: model.forward(x).sum(), aux: state.add(1) };
  };
  const [initialState, plain] = [() => zeros([]), { check: false, plan: false } as const];
  return { model, optimizer, loss, carrying, initialState, seen, states, plain };
}

/** A source of passes of three batches. Position 3 is the end of a pass. */
function source(ends: boolean, isLater: boolean): BatchSource<Batch> {
  let at = 0;
  const next = () => {
    if (ends && at === 6) return { done: true } as const;
    const position = at++;
    return { value: batches(3)[position % 3]!, restarted: position > 0 && position % 3 === 0 };
  };
  return {
    next: () => (isLater ? Promise.resolve(next()) : next()),
    get state() {
      return at;
    },
    restore: (state) => {
      at = state as number;
    },
  };
}

test('The state is carried within a pass, and reset where a pass begins', async () => {
  for (const each of [batches(3), source(true, false), source(true, true)]) {
    const { model, optimizer, carrying, initialState, states, plain } = made();
    await eventsOf(
      fit({ model, optimizer, loss: carrying, initialState, batches: each, epochs: 2, ...plain }),
    );
    expect(states).toEqual([0, 1, 2, 0, 1, 2]);
  }
});

test('A source ends alone, or before the pass after the last; the next pass is then still unread', async () => {
  for (const isLater of [false, true]) {
    for (const [ends, epochs, steps] of [
      [true, 9, 6],
      [false, 2, 6],
      [false, 1, 3],
    ] as const) {
      const { model, optimizer, loss, seen, plain } = made();
      const from = source(ends, isLater);
      const run = fit({ model, optimizer, loss, batches: from, epochs, ...plain });
      expect([run.epoch, run.step]).toEqual([0, 0]);
      expect((await eventsOf(run)).at(-1)).toMatchObject({ type: 'done', step: steps, reason: 'epochs' });
      expect([from.state, seen.length, run.epoch]).toEqual([steps, steps, steps / 3]);
      expect(await eventsOf(run)).toMatchObject([{ type: 'done', step: steps }]);
    }
  }
});

test('Iterables of every kind are read once by default, and with steps as often as needed', async () => {
  const kinds = [batches(3), () => batches(3), () => later(3), { [Symbol.asyncIterator]: () => later(3) }];
  for (const kind of kinds) {
    const { model, optimizer, loss, seen, plain } = made();
    await eventsOf(fit({ model, optimizer, loss, batches: kind, ...plain }));
    expect(seen).toEqual([0, 1, 2]);
    await eventsOf(fit({ model, optimizer, loss, batches: kind, steps: 5, ...plain }));
    expect(seen.slice(3)).toEqual([0, 1, 2, 0, 1]);
  }
});

test('A run whose batches have ended ends again when it is iterated again', async () => {
  const { model, optimizer, loss, plain } = made();
  const run = fit({ model, optimizer, loss, batches: batches(2), ...plain });
  await eventsOf(run);
  expect(await eventsOf(run)).toMatchObject([{ type: 'done', step: 2, reason: 'epochs' }]);
});

test('Streams never end, and the state is kept where they restart on request', async () => {
  for (const resetAtEnd of [true, false]) {
    const streams = new Streams(text(20), { batch: 2, steps: 4 });
    const { value: batch } = streamBatches(streams).next() as { value: [Tensor, Tensor] };
    expect(batch.map(({ shape }) => shape)).toEqual([
      [4, 2],
      [4, 2],
    ]);
    const from = streamBatches(streams, { resetAtEnd });
    const restarts = Array.from({ length: 6 }, () => (from.next() as { restarted: boolean }).restarted);
    expect(restarts.includes(true)).toBe(resetAtEnd);
  }
  for (const resetAtEnd of [1, null, 'yes'])
    expect(() =>
      streamBatches(new Streams(text(20), { batch: 2, steps: 4 }), { resetAtEnd: resetAtEnd as never }),
    ).toThrow('streamBatches: expected true or false for resetAtEnd');
  const { model, optimizer, plain } = made();
  const loss = (x: Tensor, _y: Tensor) => model.forward(x.cast('float32').slice([0, 1])).sum();
  const endless = fit({
    model,
    optimizer,
    loss,
    ...plain,
    batches: streamBatches(new Streams(text(20), { batch: 2, steps: 4 })),
  });
  for await (const { step } of endless) if (step === 9) endless.stop();
  expect([endless.step, endless.epoch]).toEqual([9, 5]);
});

test('What is no batches is refused by name', async () => {
  const { model, optimizer, loss } = made();
  for (const wrong of [null, undefined, 'ab', 3, {}, { next: () => null }]) {
    const batches = wrong as never;
    const message = 'expected an iterable of batches for batches, got ';
    expect(() => fit({ model, optimizer, loss, batches })).toThrow(`fit: ${message}`);
    await expect(evaluateLoss({ model, loss, batches })).rejects.toThrow(`evaluateLoss: ${message}`);
  }
});

test('An evaluation carries the state from the first batch of each call, also of batches that come later', async () => {
  const { model, initialState } = made();
  const loss = (x: Tensor, state: Tensor) => ({
    value: model.forward(x).sum().add(state.mul(10)),
    aux: state.add(1),
  });
  const each = batches(3).map(([x], i) => loss(x, tensor(i)).value.item());
  const mean = (each[0]! + each[1]! + each[2]!) / 3;
  for (const kind of [batches(3), later(3), batches(3)])
    expect(await evaluateLoss({ model, loss, initialState, batches: kind })).toBe(mean);
});

test('An evaluation plans its loss: batches of one shape call it less often than once each', async () => {
  const { model } = made();
  let calls = 0;
  const counted = (x: Tensor) => {
    calls++;
    return model.forward(x).sum();
  };
  await evaluateLoss({ model, loss: counted, batches: batches(20) });
  expect(calls).toBeLessThan(20);
});

test('An evaluation lets other tasks run, between batches of either kind', async () => {
  let now = 0;
  vi.spyOn(Date, 'now').mockImplementation(() => (now += 60));
  try {
    for (const kind of [batches(4), later(4)]) {
      const { model } = made();
      let pauses = 0;
      const pause = async () => void pauses++;
      await evaluateLoss({ model, loss: (x: Tensor) => model.forward(x).sum(), batches: kind, pause });
      expect(pauses).toBe(4);
    }
  } finally {
    vi.restoreAllMocks();
  }
});

test('Options of an evaluation that are not valid are refused by name', async () => {
  const { model, loss } = made();
  const right = { model, loss, batches: batches(1) };
  for (const change of [{ model: {} }, { loss: 3 }, { initialState: 3 }, { loss: () => 3 }])
    await expect(evaluateLoss({ ...right, ...change } as never)).rejects.toThrow(/^evaluateLoss: expected/);
  await expect(evaluateLoss({ ...right, batches: [3] as never })).rejects.toThrow(
    "evaluateLoss: expected an array of the loss's arguments for a batch, got a number",
  );
});
