/** A series of numbers: the next value. A noisy sine, or a column of the user. */
import { mse } from '@chronograd/nn';
import { DataLoader, StandardScaler, splitByTime, type Windows, windows } from '@chronograd/nn/data';
import { Random, scope, type Tensor } from '@chronograd/tensor';
import { ProgramError } from '../program-error.ts';
import { Model } from './model.ts';
import type { MakeTask } from './task.ts';

/** Length, period and noise of the sine. */
const SINE = { length: 2000, period: 25, noise: 0.2 };

/** @param read the numbers of the series */
const seriesTask =
  (read: (settings: Parameters<MakeTask>[0]) => Float64Array): MakeTask =>
  (settings) => {
    const { hiddenSize, steps, batch, seed } = settings;
    const series = read(settings);
    const least = 10 * (steps + 1);
    if (series.length < least)
      throw new ProgramError(
        `expected at least ${least} numbers for windows of ${steps} steps, got ${series.length}`,
      );
    const { training, test } = splitByTime(series, { test: 0.2, context: steps });
    const scaler = StandardScaler.fit(training);
    const cut = (part: Float64Array): Windows =>
      windows(scaler.transform(part), { steps, targets: 'shifted' });
    const heldOut = windows(scaler.transform(test), { steps, targets: 'shifted', stride: steps });
    const [inputs, targets] = heldOut.at(Array.from({ length: heldOut.length }, (_, i) => i));
    return {
      unit: 'mean squared error, in variances',
      scale: 1,
      baselines: [{ label: 'the last value', score: scope(() => mse(inputs, targets).item()) }],
      model: (program) => new Model(program, { hiddenSize, seed, inputs: 1, outputs: 1, indices: false }),
      data: (model) => ({
        batches: passes(new DataLoader(cut(training), { batch, random: new Random(seed), dropLast: true })),
        loss: (x, y) => mse(model.forward(x).logits, y),
      }),
      measure: (model) => ({
        heldOut: scope(() => mse(model.forward(inputs).logits, targets).item()),
        sample: null,
      }),
    };
  };

export const sineTask: MakeTask = seriesTask(({ seed }) => {
  const random = new Random(seed);
  const { length, period, noise } = SINE;
  // A rotation, not Math.sin: its bits are the same in every browser.
  const angle = (2 * Math.PI) / period;
  const [c, s] = [1 - angle ** 2 / 2 + angle ** 4 / 24, angle - angle ** 3 / 6 + angle ** 5 / 120];
  const size = Math.sqrt(c * c + s * s);
  let [x, y] = [1, 0];
  return Float64Array.from({ length }, () => {
    [x, y] = [(c * x - s * y) / size, (s * x + c * y) / size];
    return y + noise * random.normal();
  });
});

export const columnTask: MakeTask = seriesTask(({ data }) => {
  const lines = data
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const numbers = Float64Array.from(lines, Number);
  const wrong = numbers.findIndex((value) => !Number.isFinite(value));
  if (wrong >= 0)
    throw new ProgramError(`expected numbers in the column, got ${lines[wrong]} in row ${wrong + 1}`);
  return numbers;
});

function* passes(loader: DataLoader<[inputs: Tensor, targets: Tensor]>) {
  for (;;) yield loader.next().value;
}
