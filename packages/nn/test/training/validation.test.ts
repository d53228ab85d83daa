import { Random, type Tensor } from '@chronograd/tensor';
import { expect, test } from 'vitest';
import { Adam, globalNorm, SGD } from '../../src/index.ts';
import {
  evaluateLoss,
  type FitOptions,
  type FitValidation,
  fit,
  ReduceLROnPlateau,
  type ValidationEvent,
} from '../../src/training/index.ts';
import { CharModel, eventsOf, valuesOf, windows } from './models.ts';

type Batch = [Tensor, Tensor];
const heldOut = windows(2, 50);

/** A run on one batch, with made-up measures or held-out batches. */
function made(
  validation: Partial<FitValidation<Batch>>,
  options: Partial<FitOptions<Batch>> = {},
  measures: readonly number[] = [],
) {
  const model = new CharModel(1, 0);
  const optimizer = new SGD(model, { lr: 0.5 });
  const seen: number[][] = [];
  const measure = () => {
    seen.push(valuesOf(model));
    return measures[seen.length - 1] ?? Number.NaN;
  };
  const loss = (x: Tensor, y: Tensor) => model.loss(x, y, model.recurrent.initialState(2)).value;
  const run = fit<Batch>({
    model,
    optimizer,
    loss,
    batches: windows(1),
    steps: 2 * measures.length,
    validation: { every: 2, ...(measures.length > 0 ? { measure } : {}), ...validation },
    ...options,
  });
  return { model, optimizer, run, seen, loss };
}

const validations = async (run: ReturnType<typeof made>['run']) =>
  (await eventsOf(run)).filter((event): event is ValidationEvent => event.type === 'validation');

test('The weights at the end are those of the best validation, whether it stopped or not, bit for bit', async () => {
  const random = new Random(6);
  for (let trial = 0; trial < 10; trial++) {
    const measures = Array.from({ length: 6 }, () => random.uniform());
    const mode = trial % 2 === 0 ? 'min' : 'max';
    const patience = trial < 5 ? Infinity : 2;
    const { model, run, seen } = made({ mode, patience }, {}, measures);
    const events = await eventsOf(run);
    const shown = measures.slice(0, seen.length);
    const best = mode === 'min' ? Math.min(...shown) : Math.max(...shown);
    const at = measures.indexOf(best);
    expect(valuesOf(model)).toEqual(seen[at]);
    expect(run.best).toEqual({ step: 2 * (at + 1), loss: best });
    expect(events.at(-1)).toMatchObject({ type: 'done', weights: 'best', best, bestStep: 2 * (at + 1) });
    run.restoreLast();
    expect(valuesOf(model)).toEqual(seen.at(-1));
    run.restoreBest();
    expect(valuesOf(model)).toEqual(seen[at]);
  }
});

test('A run ends after `patience` validations without improvement', async () => {
  const { run } = made({ patience: 2, minDelta: 0.1 }, {}, [5, 4, 3.95, 3.5, 3.45, 3.42, 1]);
  const events = await eventsOf(run);
  const shown = events.filter((event) => event.type !== 'step');
  expect(shown).toMatchObject([
    { type: 'validation', step: 2, loss: 5, best: 5, bestStep: 2, improved: true, bad: 0, lr: 0.5 },
    { type: 'improved', step: 2, loss: 5 },
    { type: 'validation', step: 4, loss: 4, improved: true, bad: 0 },
    { type: 'improved', step: 4 },
    { type: 'validation', step: 6, best: 4, bestStep: 4, improved: false, bad: 1 },
    { type: 'validation', step: 8, best: 3.5, improved: true, bad: 0 },
    { type: 'improved', step: 8 },
    { type: 'validation', step: 10, improved: false, bad: 1 },
    { type: 'validation', step: 12, improved: false, bad: 2 },
    { type: 'done', step: 12, reason: 'patience', weights: 'best', best: 3.5, bestStep: 8 },
  ]);
});

test('A measure that is NaN is no improvement; without any other the last weights stay', async () => {
  const { model, run, seen } = made({}, {}, [Number.NaN, Infinity, Number.NaN]);
  expect((await validations(run)).map(({ bad, best }) => [bad, best])).toEqual([
    [1, null],
    [2, null],
    [3, null],
  ]);
  expect(valuesOf(model)).toEqual(seen.at(-1));
  expect(() => run.restoreBest()).toThrow(
    'restoreBest: expected a validation with a finite loss before, got none',
  );
  const { run: mixed } = made({}, {}, [Number.NaN, 2, Number.NaN]);
  expect((await validations(mixed)).map(({ bad, best }) => [bad, best])).toEqual([
    [1, null],
    [0, 2],
    [1, 2],
  ]);
});

test('Held-out batches are measured as evaluateLoss does, also after the last update, and change nothing', async () => {
  const [with_, without] = [
    made({ batches: heldOut }, { steps: 5, finalWeights: 'last' }),
    made({}, { steps: 5, validation: null }),
  ];
  const losses = (await validations(with_.run)).map(({ step, loss }) => [step, loss]);
  await eventsOf(without.run);
  expect(losses.map(([step]) => step)).toEqual([2, 4, 5]);
  expect(valuesOf(with_.model)).toEqual(valuesOf(without.model));
  const { model, loss } = with_;
  expect(losses.at(-1)).toEqual([5, await evaluateLoss({ model, loss, batches: heldOut })]);
});

test('With an average of the weights, the average is measured, kept as the best, and in the model at the end', async () => {
  const { model, run, seen } = made({}, { ema: 0.5 }, [3, 1, 2]);
  const averages: number[][] = [];
  let average: number[] | null = null;
  for await (const event of run) {
    if (event.type !== 'step') continue;
    const weights = valuesOf(model);
    const before: number[] = average ?? weights;
    average = weights.map((weight, i) =>
      Math.fround(before[i]! + Math.fround(Math.fround(weight - before[i]!) * 0.5)),
    );
    averages.push(average);
  }
  expect(seen).toEqual([averages[1], averages[3], averages[5]]);
  expect(valuesOf(model)).toEqual(averages[3]);
  const { model: other, run: plain } = made({}, { ema: 0.5, validation: null, steps: 6 });
  expect((await eventsOf(plain)).at(-1)).toMatchObject({ weights: 'average', best: null });
  expect(valuesOf(other)).toEqual(averages[5]);
});

test('In a measure the model is in evaluation mode, and a snapshot has the weights of the last update', async () => {
  const model = new CharModel();
  const optimizer = new Adam(model, { lr: 0.1 });
  const modes: boolean[] = [];
  let saved: unknown = null;
  const run = fit<Batch>({
    model,
    optimizer,
    loss: (x, y) => model.loss(x, y, model.recurrent.initialState(2)).value,
    batches: windows(1),
    steps: 4,
    ema: 0.9,
    validation: {
      every: 4,
      measure: () => {
        modes.push(model.training, model.dropout.training);
        saved = run.snapshot().tensors.get('model.decoder.bias')?.data;
        return 1;
      },
    },
  });
  let last: unknown = null;
  for await (const event of run) if (event.type === 'step') last = model.decoder.bias?.toTypedArray();
  expect(modes).toEqual([false, false]);
  expect(model.dropout.training).toBe(true);
  expect(saved).toEqual(last);
});

test('An error in a measure leaves the weights and modes of training', async () => {
  const { model, run } = made(
    { measure: () => Promise.reject(new Error('no disk')) },
    { ema: 0.5, steps: 4 },
  );
  let last: number[] = [];
  await expect(
    (async () => {
      for await (const event of run) if (event.type === 'step') last = valuesOf(model);
    })(),
  ).rejects.toThrow('no disk');
  expect(valuesOf(model)).toEqual(last);
  expect(model.training).toBe(true);
});

test('A plateau of the measure lowers the rate', async () => {
  const model = new CharModel(1, 0);
  const optimizer = new SGD(model, { lr: 0.5 });
  const plateau = new ReduceLROnPlateau(optimizer, { patience: 1, factor: 0.5 });
  const measures = [3, 3, 3, 3, 3];
  const run = fit<Batch>({
    model,
    optimizer,
    loss: (x, y) => model.loss(x, y, model.recurrent.initialState(2)).value,
    batches: windows(1),
    steps: 5,
    plateau,
    validation: { every: 1, measure: () => measures.pop() ?? 0 },
  });
  expect((await validations(run)).map(({ lr }) => lr)).toEqual([0.5, 0.5, 0.25, 0.25, 0.125]);
});

test('A measure improves if it is better by more than minDelta; an equal one does not', async () => {
  const improved = async (measures: readonly number[], options: Partial<FitValidation<Batch>> = {}) =>
    (await validations(made(options, {}, measures).run)).map((event) => event.improved);
  expect(await improved([2, 2, 1.9])).toEqual([true, false, true]);
  expect(await improved([2, 2, 2.1], { mode: 'max' })).toEqual([true, false, true]);
  expect(await improved([2, 2.5, 3], { mode: 'max', minDelta: 0.5 })).toEqual([true, false, true]);
  expect(await improved([2, 1.5, 1], { minDelta: 0.5 })).toEqual([true, false, true]);
});

test('A measure that is not a number is refused', async () => {
  for (const measure of [() => '3', () => undefined, async () => null])
    await expect(eventsOf(made({ measure: measure as never }, { steps: 2 }).run)).rejects.toThrow(
      'fit: expected a number from validation.measure, got ',
    );
});

test('The best weights can be shown twice, and the last ones come back', async () => {
  const { model, run, seen } = made({}, {}, [1, 2, 3]);
  await eventsOf(run);
  for (let i = 0; i < 2; i++) run.restoreBest();
  expect(valuesOf(model)).toEqual(seen[0]);
  for (let i = 0; i < 2; i++) run.restoreLast();
  expect(valuesOf(model)).toEqual(seen[2]);
});

test('A run that is stopped, by `stop` or by a signal, measures nothing more and goes on where it was', async () => {
  const signal = { aborted: false };
  const { run, seen } = made({}, { signal: signal as AbortSignal }, [3, 2, 1]);
  for (const stopping of [true, false]) {
    const types: string[] = [];
    for await (const event of run) {
      types.push(event.type === 'done' ? `${event.reason} ${event.step}` : event.type);
      if (event.type !== 'step') continue;
      if (stopping) run.stop();
      else signal.aborted = true;
    }
    expect(types).toEqual(stopping ? ['step', 'stopped 1'] : ['step', 'validation', 'improved', 'stopped 2']);
  }
  expect(seen.length).toBe(1);
  signal.aborted = false;
  expect((await eventsOf(run)).at(-1)).toMatchObject({ type: 'done', step: 6, reason: 'steps', best: 1 });
});

test('A step reports the rate of its update, after the schedule, and shows its gradients to inspect', async () => {
  const model = new CharModel(1, 0);
  const optimizer = new SGD(model, { lr: 0.5, schedule: (step) => 1 / (step + 1) });
  const inspected: [number, number][] = [];
  const run = fit<Batch>({
    model,
    optimizer,
    loss: (x, y) => model.loss(x, y, model.recurrent.initialState(2)).value,
    batches: windows(3),
    clip: { norm: 1e-3 },
    inspect: (grads, step) => void inspected.push([step, globalNorm(grads)]),
  });
  const steps = (await eventsOf(run)).flatMap((event) => (event.type === 'step' ? [event] : []));
  expect(steps.map(({ lr }) => lr)).toEqual([0.5, 0.25, 0.5 / 3]);
  expect(inspected).toEqual(steps.map(({ step, gradientNorm }) => [step, gradientNorm]));
});

test('The check before the first update changes no number, not even of dropout', async () => {
  const values = async (check: boolean) => {
    const model = new CharModel();
    const optimizer = new SGD(model, { lr: 0.5 });
    const loss = (x: Tensor, y: Tensor) => model.loss(x, y, model.recurrent.initialState(2)).value;
    await eventsOf(fit<Batch>({ model, optimizer, loss, batches: windows(3), check }));
    return valuesOf(model);
  };
  expect(await values(true)).toEqual(await values(false));
});

test('An update is made once: around must not call it twice', async () => {
  const { run } = made(
    {},
    {
      steps: 1,
      validation: null,
      around: (update) => {
        update();
        update();
      },
    },
  );
  await expect(eventsOf(run)).rejects.toThrow('fit: expected around to call its argument once, got 2 calls');
});
