import { valueAndGrad } from '@chronograd/autograd';
import { Parameter, Random, type Tensor, tensor } from '@chronograd/tensor';
import { expect, test } from 'vitest';
import { DataLoader, Streams } from '../../src/data/index.ts';
import { Adam, Module, type Optimizer, SGD } from '../../src/index.ts';
import { fit, type LRRangeTestSettings, lrRangeTest, streamBatches } from '../../src/training/index.ts';
import { CharModel, eventsOf, optimizers, type State, text, valuesOf, windows } from './models.ts';

/** A run of truncated BPTT, with dropout, a schedule and momentum or more. */
function everything(make: (model: Module) => Optimizer) {
  const model = new CharModel();
  const optimizer = make(model);
  const streams = new Streams(text(50), { batch: 2, steps: 4 });
  const options = {
    model,
    optimizer,
    loss: (x: Tensor, y: Tensor, state: State) => model.loss(x, y, state),
    initialState: () => model.recurrent.initialState(2),
    batches: streamBatches(streams),
  };
  const bits = () => ({
    values: valuesOf(model),
    optimizer: Object.entries(optimizer.state()).map(([name, each]) => [name, each.toArray()]),
    schedule: optimizer.schedule,
    random: model.dropout.random.state,
    position: streams.position,
    training: model.training,
  });
  return { model, optimizer, options, bits };
}

test.each(optimizers)(
  '%s: afterwards weights, optimizer, random numbers and position are as before, and so is the training that follows',
  async (_, make) => {
    const [tested, plain] = [everything(make), everything(make)];
    for (const each of [tested, plain]) await eventsOf(fit({ ...each.options, steps: 3 }));
    const before = tested.bits();
    for (const more of [{}, { high: 1e30, divergence: 1e30 }, { accumulate: 2, clip: { norm: 1 } }]) {
      const { losses } = await lrRangeTest({ ...tested.options, ...more, steps: 20 });
      expect(losses.length).toBeGreaterThan(5);
      expect(tested.bits()).toEqual(before);
    }
    for (const each of [tested, plain]) await eventsOf(fit({ ...each.options, steps: 5 }));
    expect(tested.bits()).toEqual(plain.bits());
  },
);

test('An error of the loss is passed on, and everything is as before', async () => {
  const { model, optimizer } = everything((each) => new Adam(each));
  const before = [valuesOf(model), model.dropout.random.state, optimizer.steps];
  let calls = 0;
  const loss = (x: Tensor, y: Tensor) => {
    if (++calls === 4) throw new RangeError('mine');
    return model.loss(x, y, model.recurrent.initialState(2));
  };
  const run = lrRangeTest({ model, optimizer, loss, batches: windows(3), plan: false, check: false });
  await expect(run).rejects.toThrow(new RangeError('mine'));
  expect([valuesOf(model), model.dropout.random.state, optimizer.steps]).toEqual(before);
  expect(optimizer.lr).toBe(0.001);
});

/** A single weight that a loss pulls to 3. */
class Weight extends Module {
  readonly w = new Parameter(tensor([0], { dtype: 'float64' }));
  readonly other = new Parameter(tensor([0], { dtype: 'float64' }));
}

/** Range tests of ½(w − 3)² + base. */
function ofParabola(settings: LRRangeTestSettings & { readonly batches?: Iterable<[]> }, base = 0) {
  const model = new Weight();
  const optimizer = new SGD(model, { lr: 0.5 });
  const loss = () => model.w.sub(3).square().div(2).add(base).sum().add(model.other.sum().mul(0));
  return lrRangeTest({ model, optimizer, loss, batches: endless(), ...settings });
}
function* endless(): Generator<[]> {
  for (;;) yield [];
}

/** The same by hand: ½(w − 3)² before each step at each rate. */
function lossesByHand(rates: readonly number[], base = 0): number[] {
  let w = 0;
  return rates.map((rate) => {
    const loss = (w - 3) ** 2 / 2 + base;
    w -= rate * (w - 3);
    return loss;
  });
}

test('Rates grow by a factor or by a difference from low to high, and each update has its own', async () => {
  const { rates, losses } = await ofParabola({ low: 1e-4, high: 1, steps: 9 });
  rates.forEach((rate, i) => void expect(rate).toBeCloseTo(1e-4 * 10 ** (i / 2), 12));
  expect([rates[0], rates.at(-1), rates.length]).toEqual([1e-4, 1, 9]);
  lossesByHand(rates).forEach((loss, i) => void expect(losses[i]).toBeCloseTo(loss, 12));
  const linear = await ofParabola({ low: 0.2, high: 1, steps: 5, growth: 'linear' });
  linear.rates.forEach((rate, i) => void expect(rate).toBeCloseTo(0.2 * (i + 1), 12));
  expect((await ofParabola({ low: 0.1, high: 1, steps: 1 })).rates).toEqual([0.1]);
  const defaults = await ofParabola({});
  expect([defaults.rates[0], defaults.rates.at(-1), defaults.rates.length]).toEqual([1e-7, 10, 100]);
  const short = await ofParabola({ steps: 50, batches: [[], [], []][Symbol.iterator]() as Iterable<[]> });
  expect([short.rates.length, short.suggestion]).toEqual([3, null]);
});

test('The smoothed loss is a moving average without initial bias, and the suggestion its steepest descent', async () => {
  const smoothing = 0.9;
  const { rates, losses, smoothed, suggestion } = await ofParabola({
    low: 1e-4,
    high: 1,
    steps: 60,
    smoothing,
  });
  const expected = losses.map((_, i) => {
    const shares = losses.slice(0, i + 1).map((_, j) => smoothing ** (i - j));
    const whole = shares.reduce((sum, share) => sum + share, 0);
    return shares.reduce((sum, share, j) => sum + share * losses[j]!, 0) / whole;
  });
  smoothed.forEach((each, i) => void expect(each).toBeCloseTo(expected[i]!, 12));
  const slope = (i: number): number =>
    (expected[i + 1]! - expected[i - 1]!) / (Math.log(rates[i + 1]!) - Math.log(rates[i - 1]!));
  const steepest = rates.slice(6, -1).reduce((best, _, k) => (slope(k + 6) < slope(best) ? k + 6 : best), 6);
  expect(suggestion).toBe(rates[steepest]);
  expect(suggestion).toBeGreaterThan(0.02);
  expect(suggestion).toBeLessThan(1);
  const unsmoothed = await ofParabola({ smoothing: 0, steps: 20 });
  expect(unsmoothed.smoothed).toEqual(unsmoothed.losses);
});

test('It ends when the loss diverges, at numbers that are not finite, and on request', async () => {
  const diverged = await ofParabola({ low: 1.5, high: 100, steps: 50, smoothing: 0 });
  const { losses } = diverged;
  const least = Math.min(...losses);
  const bound = least + 3 * Math.max(least, losses[0]! - least);
  expect(losses.length).toBeLessThan(50);
  expect(losses.map((loss) => loss > bound).indexOf(true)).toBe(losses.length - 1);
  const overflown = await ofParabola({ low: 1e100, high: 1e300, steps: 50, divergence: 1e300 });
  expect(overflown.losses.length).toBeLessThan(4);
  expect([...overflown.losses, ...overflown.smoothed].every(Number.isFinite)).toBe(true);
  const model = new Weight();
  const optimizer = new SGD(model, { lr: 0.5 });
  const signal = { aborted: false };
  const loss = () => model.w.add(model.other).square().sum();
  const around = (update: () => void): void => {
    update();
    signal.aborted = optimizer.steps === 2;
  };
  const stopped = await lrRangeTest({ model, optimizer, loss, batches: endless(), signal, around });
  expect([stopped.rates.length, optimizer.steps, optimizer.lr]).toEqual([2, 0, 0.5]);
});

test('Negative losses, which fall, do not end it', async () => {
  const settings = { low: 1e-3, high: 1, steps: 30 };
  for (const base of [-100, -4, 0]) {
    const { rates, losses } = await ofParabola(settings, base);
    expect(rates.length).toBe(30);
    lossesByHand(rates, base).forEach((loss, i) => void expect(losses[i]).toBeCloseTo(loss, 10));
  }
});

test('Schedules do not apply, and a group with its own rate keeps it', async () => {
  const model = new Weight();
  const optimizer = new SGD(model, {
    lr: 1,
    schedule: () => 0,
    groups: [{ parameters: model.other, lr: 0 }],
  });
  const loss = () => model.w.sub(3).square().sum().add(model.other.sub(3).square().sum());
  const seen: number[][] = [];
  const around = (update: () => void): void => {
    update();
    seen.push(valuesOf(model));
  };
  await lrRangeTest({ model, optimizer, loss, batches: endless(), steps: 3, low: 0.1, high: 0.2, around });
  expect(seen.every(([w, other]) => w! > 0.5 && other === 0)).toBe(true);
  expect(optimizer.groups[0]!.lr).toBe(0);
  expect(optimizer.schedule?.(0)).toBe(0);
});

test('A DataLoader goes on where it was; runs of several seeds share their rates', async () => {
  const all = windows(5);
  const data = { length: 5, at: ([i = 0]: readonly number[]) => all[i]! };
  const loader = new DataLoader(data, { batch: 1, random: new Random(4) });
  loader.next();
  const { state } = loader;
  const tests = [];
  for (const seed of [1, 2, 3]) {
    const model = new CharModel(seed);
    const optimizer = new Adam(model);
    const loss = (x: Tensor, y: Tensor) => model.loss(x, y, model.recurrent.initialState(2));
    tests.push(await lrRangeTest({ model, optimizer, loss, batches: loader, steps: 12, high: 0.1 }));
    expect(loader.state).toEqual(state);
  }
  expect(tests.map(({ rates }) => rates)).toEqual(new Array(3).fill(tests[0]!.rates));
  expect(new Set(tests.map(({ losses }) => losses[0])).size).toBe(3);
});

test('Its losses are those of the loop by hand, bit for bit', async () => {
  const model = new CharModel(1, 0);
  const optimizer = new Adam(model);
  const batches = windows(4);
  const loss = (x: Tensor, y: Tensor) => model.loss(x, y, model.recurrent.initialState(2)).value;
  const { rates, losses } = await lrRangeTest({ model, optimizer, loss, batches, steps: 10, high: 0.1 });
  const lossAndGrads = valueAndGrad(model, loss);
  const byHand = rates.map((rate, i) => {
    const { value, grads } = lossAndGrads(...batches[i % 4]!);
    optimizer.lr = rate;
    optimizer.update(grads);
    return value.item();
  });
  expect(losses).toEqual(byHand);
});

test('Invalid options are errors with its name', async () => {
  const model = new Weight();
  const right = {
    model,
    optimizer: new SGD(model, { lr: 1 }),
    loss: () => model.w.sum(),
    batches: endless(),
  };
  const rejected = async (options: object, message: string) =>
    await expect(lrRangeTest({ ...right, ...options } as typeof right)).rejects.toThrow(message);
  await rejected({ step: 3 }, 'lrRangeTest: unknown option "step"; did you mean steps?');
  await rejected({ validation: { every: 1 } }, 'lrRangeTest: unknown option "validation"');
  await rejected({ low: 0 }, 'lrRangeTest: expected a number above 0 for low, got 0');
  await rejected({ low: 20 }, 'lrRangeTest: expected low below high, got 20 and 10');
  await rejected({ steps: 0 }, 'lrRangeTest: expected a whole number from 1 on for steps');
  await rejected({ smoothing: 1 }, 'lrRangeTest: expected a number from 0 on, below 1 for smoothing');
  await rejected({ growth: 'fast' }, "lrRangeTest: expected 'exponential' or 'linear' for growth");
  await rejected({ optimizer: 3 }, 'lrRangeTest: expected Optimizer for optimizer, got a number');
  await rejected({ clip: {} }, 'lrRangeTest: expected { value: 5 } or { norm: 1 } for clip');
});
