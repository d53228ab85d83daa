import { valueAndGrad } from '@chronograd/autograd';
import { memory, type Tensor, tensor } from '@chronograd/tensor';
import { expect, test } from 'vitest';
import { Streams } from '../../src/data/index.ts';
import { Adam, clipByGlobalNorm, clipByValue, SGD } from '../../src/index.ts';
import { type Clip, evaluateLoss, fit, NonFiniteStepError, streamBatches } from '../../src/training/index.ts';
import { CharModel, eventsOf, type State, text, valuesOf, windows } from './models.ts';

const characters = text(60);
const streams = () => new Streams(characters, { batch: 2, steps: 4 });

/** The loop that a user would write. */
function byHand(steps: number, clip: Clip | null): { losses: number[]; values: number[] } {
  const model = new CharModel();
  const optimizer = new Adam(model, { lr: 0.05 });
  const source = streams();
  const lossAndGrads = valueAndGrad(model, (x: Tensor, y: Tensor, before: State) => model.loss(x, y, before));
  let state = model.recurrent.initialState(2);
  const losses: number[] = [];
  for (let step = 0; step < steps; step++) {
    const { inputs, targets, restarted } = source.next();
    if (restarted) state = model.recurrent.initialState(2);
    const { value, grads, aux } = lossAndGrads(inputs, targets, state);
    if (clip?.value !== undefined) optimizer.update(clipByValue(grads, clip.value));
    else if (clip?.norm !== undefined) optimizer.update(clipByGlobalNorm(grads, clip.norm).grads);
    else optimizer.update(grads);
    state = aux;
    losses.push(value.item());
  }
  return { losses, values: valuesOf(model) };
}

test.each([null, { value: 0.01 }, { norm: 0.1 }] as const)(
  'fit trains as a loop by hand does, bit for bit, with truncated BPTT, dropout and clipping: %j',
  async (clip) => {
    for (const plan of [true, false]) {
      const model = new CharModel();
      const optimizer = new Adam(model, { lr: 0.05 });
      const losses: number[] = [];
      for await (const event of fit({
        model,
        optimizer,
        loss: (x, y, state) => model.loss(x, y, state),
        initialState: () => model.recurrent.initialState(2),
        batches: streamBatches(streams()),
        steps: 20,
        clip,
        plan,
      }))
        if (event.type === 'step') losses.push(event.loss);
      expect({ losses, values: valuesOf(model) }).toEqual(byHand(20, clip));
    }
  },
);

const mean = (model: CharModel) => (x: Tensor, y: Tensor) =>
  model.loss(x, y, model.recurrent.initialState(x.shape[1] ?? 0));

test('The gradient of accumulated batches is that of one large batch', async () => {
  const parts = windows(6);
  const wide = [0, 3].map((at) =>
    [0, 1].map((i) => {
      const columns = parts.slice(at, at + 3).map((part) => part[i as 0 | 1].toArray() as number[][]);
      return tensor(
        [0, 1, 2, 3].map((t) => columns.flatMap((column) => column[t]!)),
        { dtype: 'int32' },
      );
    }),
  ) as [Tensor, Tensor][];
  const trained = async (batches: [Tensor, Tensor][], accumulate: number) => {
    const model = new CharModel(1, 0);
    const optimizer = new SGD(model, { lr: 0.5 });
    const events = await eventsOf(fit({ model, optimizer, loss: mean(model), batches, accumulate }));
    return { values: valuesOf(model), events };
  };
  const [small, large] = [await trained(parts, 3), await trained(wide, 1)];
  expect(small.events.length).toBe(large.events.length);
  small.values.forEach((value, i) => void expect(value).toBeCloseTo(large.values[i]!, 6));
  for (const [i, event] of small.events.entries()) {
    const other = large.events[i]!;
    if (event.type !== 'step' || other.type !== 'step') continue;
    expect(event.loss).toBeCloseTo(other.loss, 6);
    expect(event.gradientNorm).toBeCloseTo(other.gradientNorm ?? Number.NaN, 6);
  }
});

test('A pass ends with its batches, and the passes are counted; a last incomplete group is a mean too', async () => {
  const model = new CharModel(1, 0);
  const optimizer = new SGD(model, { lr: 0.1 });
  const batches = windows(3);
  const run = fit({ model, optimizer, loss: mean(model), batches, epochs: 2, accumulate: 4 });
  const events = await eventsOf(run);
  expect(events.map((event) => (event.type === 'step' ? event.epoch : event.type))).toEqual([2, 2, 'done']);
  function* once() {
    yield* windows(2);
  }
  const short = fit({ model, optimizer, loss: mean(model), batches: once(), steps: 100 });
  expect((await eventsOf(short)).at(-1)).toMatchObject({ type: 'done', step: 2, reason: 'epochs' });
  async function* later(epoch: number) {
    yield* windows(epoch);
  }
  const growing = fit({ model, optimizer, loss: mean(model), batches: later, epochs: 3 });
  const passes = (await eventsOf(growing)).flatMap((event) => (event.type === 'step' ? [event.epoch] : []));
  expect(passes).toEqual([1, 2, 2, 3, 3, 3]);
  const position = new Streams(text(60), { batch: 2, steps: 4 });
  const restarting = fit({
    model,
    optimizer,
    loss: mean(model),
    batches: streamBatches(position),
    epochs: 2,
  });
  const last = (await eventsOf(restarting)).at(-1);
  // A stream of 30 characters has 7 windows of 4.
  expect([last, position.position]).toMatchObject([{ type: 'done', step: 14, reason: 'epochs' }, 28]);
});

test('A loss or gradient that is not finite is an error with the step and the parameter, and changes nothing', async () => {
  const model = new CharModel(1, 0);
  const optimizer = new Adam(model);
  let bad: 'loss' | 'gradient' | null = null;
  const loss = (x: Tensor, y: Tensor) => {
    const { value } = mean(model)(x, y);
    if (bad === 'loss') return value.div(0);
    return bad === 'gradient'
      ? value.add(model.decoder.weight.sum().sub(model.decoder.weight.sum()).sqrt())
      : value;
  };
  const run = fit({ model, optimizer, loss, batches: windows(9), check: false, plan: false });
  const before: number[][] = [];
  const next = async () => {
    for await (const event of run) if (event.type === 'step') break;
    before.push(valuesOf(model));
  };
  await next();
  bad = 'loss';
  const failed = await eventsOf(run).catch((error: unknown) => error);
  expect(failed).toBeInstanceOf(NonFiniteStepError);
  expect(failed).toMatchObject({ step: 2, parameter: null });
  expect(String(failed)).toContain('fit: step 2: expected finite numbers, got a loss of Infinity; lower');
  bad = 'gradient';
  const second = await eventsOf(run).catch((error: unknown) => error);
  expect(second).toMatchObject({ step: 2, parameter: 'decoder.weight' });
  expect(String(second)).toContain('decoder.weight');
  expect(valuesOf(model)).toEqual(before[0]);
  expect(optimizer.steps).toBe(1);
  bad = null;
  expect((await eventsOf(run)).at(-1)).toMatchObject({ type: 'done', step: 7 });
});

test('Three hundred steps leave no more memory than fifty', async () => {
  const model = new CharModel();
  const optimizer = new Adam(model);
  const run = fit({
    model,
    optimizer,
    loss: mean(model),
    batches: windows(4),
    steps: 300,
    ema: 0.9,
    accumulate: 2,
    clip: { norm: 1 },
    validation: { every: 20, batches: windows(2, 50) },
  });
  const seen: Record<string, number>[] = [];
  for await (const event of run) {
    if (event.type !== 'step' || event.step % 100 !== 50) continue;
    const { arena, persistent, plans, heapBytes } = memory();
    seen.push({ arena: arena.reservedBytes, persistent: persistent.bytes, plans: plans.bytes, heapBytes });
  }
  // Less: models of earlier tests were collected meanwhile.
  for (const later of seen.slice(1))
    for (const [what, bytes] of Object.entries(later))
      expect(bytes, what).toBeLessThanOrEqual(seen[0]![what]!);
});

test('Other tasks run between steps', async () => {
  const model = new CharModel();
  let pauses = 0;
  const pause = async () => {
    pauses++;
  };
  const around = (update: () => void) => {
    const start = Date.now();
    while (Date.now() - start < 20);
    update();
  };
  const optimizer = new Adam(model);
  await eventsOf(fit({ model, optimizer, loss: mean(model), batches: windows(9), pause, around }));
  expect(pauses).toBeGreaterThan(2);
  let ticks = 0;
  const timer = setInterval(() => ticks++, 1);
  await eventsOf(fit({ model, optimizer, loss: mean(model), batches: windows(9), around }));
  clearInterval(timer);
  expect(ticks).toBeGreaterThan(1);
});

test('evaluateLoss is the mean of the losses in evaluation mode, and restores modes', async () => {
  const model = new CharModel();
  model.dropout.training = false;
  const batches = windows(3);
  const loss = await evaluateLoss({ model, loss: mean(model), batches });
  const each = batches.map(([x, y]) => mean(model)(x, y).value.item());
  expect(loss).toBe((each[0]! + each[1]! + each[2]!) / 3);
  expect([model.training, model.dropout.training]).toEqual([true, false]);
  const misspelled = { model, loss: mean(model), batches, batch: 1 };
  await expect(evaluateLoss(misspelled as object as Parameters<typeof evaluateLoss>[0])).rejects.toThrow(
    'evaluateLoss: unknown option "batch"; did you mean batches?',
  );
  await expect(evaluateLoss({ model, loss: mean(model), batches: [] })).rejects.toThrow(
    'evaluateLoss: expected at least one batch to measure the loss on, got none',
  );
});
