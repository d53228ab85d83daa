import type { Gradients } from '@chronograd/autograd';
import type { Module, RNNCell } from '@chronograd/nn';
import type { SafetensorsTensor } from '@chronograd/nn/safetensors';
import { expect, test } from 'vitest';
import type { CharModel } from '../../src/char-rnn/char-model.ts';
import { PRESETS } from '../../src/char-rnn/configuration.ts';
import { fitStateOf, fitTensorsOf } from '../../src/char-rnn/saved-before.ts';
import type { TrainConfiguration } from '../../src/char-rnn/settings.ts';
import { type Hooks, Trainer } from '../../src/char-rnn/trainer.ts';
import { prepareText } from '../../src/char-rnn/training-text.ts';
import { type Checks, goldenNotebook, goldenPresets, goldenText, worstError } from '../golden-fixtures.ts';
import { type Drawn, draw, names } from '../golden-generator.ts';
import { steps } from './tiny.ts';

/** The parameters' names in the fixtures, and in the model. */
const OURS: Readonly<Record<(typeof names)[number], string>> = {
  Wxh: 'recurrent.cell.weightIh',
  Whh: 'recurrent.cell.weightHh',
  Why: 'decoder.weight',
  bh: 'recurrent.cell.biasIh',
  by: 'decoder.bias',
};

/** A trainer of a preset, as `train` makes it, on the fixtures' text. */
function trainerOf(configuration: TrainConfiguration, hooks?: Hooks): Trainer {
  const text = prepareText({ name: 'golden', text: goldenText().text }, configuration);
  return new Trainer(text, configuration, hooks);
}

/** Puts drawn weights, accumulators and a state in the place of a trainer's own. */
function restoreDrawn(trainer: Trainer, drawn: Drawn, iteration: number, position: number): void {
  const { hidden } = trainer.configuration;
  const { weights, accumulators, hidden: state } = draw(drawn, hidden, trainer.text.vocabulary.size);
  const before = trainer.snapshot();
  const tensors = new Map<string, SafetensorsTensor>();
  const replace = (name: string, values: readonly (number | readonly number[])[], like: string): void => {
    const shape = before.tensors.get(like)?.shape ?? [];
    tensors.set(name, { dtype: 'F64', shape, data: Float64Array.from(values.flat()) });
  };
  for (const name of names) {
    replace(OURS[name], weights[name], `model.${OURS[name]}`);
    replace(`adagrad.${OURS[name]}`, accumulators[name], `model.${OURS[name]}`);
  }
  replace('hidden', state, 'carried');
  // In the format of version 0.1.
  const at = { iteration, position };
  trainer.restore({
    state: { ...before.state, fit: fitStateOf(at) },
    tensors: fitTensorsOf(tensors, at),
  });
}

/** The largest relative error of the tensors under `prefix` + a parameter's name. */
function worstOf(values: (name: string) => ArrayLike<number>, checks: Checks): number {
  return Math.max(...names.map((name) => worstError(values(OURS[name]), checks[name])));
}

const worstDifference = (a: ArrayLike<number>, b: readonly number[]): number =>
  Math.max(...b.map((x, i) => Math.abs(x - (a[i] ?? Number.NaN))));

test('The notebook run gives the golden losses, smoothed loss, weights, accumulators and last state', async () => {
  const golden = goldenNotebook();
  const trainer = trainerOf(PRESETS.notebook);
  restoreDrawn(trainer, golden.start, 0, 0);
  const losses = await steps(trainer, golden.losses.length);
  const worst = worstDifference(losses, golden.losses);
  console.log(`golden notebook, the trainer: worst difference of 300 losses ${worst.toExponential(1)}`);
  expect(worst).toBeLessThanOrEqual(1e-9);
  expect(Math.abs(trainer.smoothedLoss - golden.smoothed)).toBeLessThanOrEqual(1e-9);
  const { tensors } = trainer.snapshot();
  const data = (name: string): ArrayLike<number> => tensors.get(name)?.data ?? [];
  const weight = (name: string): ArrayLike<number> => data(`model.${name}`);
  expect(worstDifference(data('carried'), golden.final.hidden)).toBeLessThanOrEqual(1e-9);
  expect(worstOf(weight, golden.final.weights)).toBeLessThanOrEqual(1e-9);
  expect(
    worstOf((name) => data(`optimizer.accumulator.${name}`), golden.final.accumulators),
  ).toBeLessThanOrEqual(1e-9);
});

test.each(Object.keys(goldenPresets()))(
  'The preset %s takes the golden step at every point',
  async (name) => {
    const golden = goldenPresets()[name]!;
    const preset = PRESETS[name as keyof typeof PRESETS];
    expect(preset).toMatchObject({ hidden: golden.hidden, steps: golden.steps, lr: golden.lr });
    let worst = 0;
    for (const point of golden.points) {
      const raw = {} as Record<(typeof names)[number], ArrayLike<number>>;
      const inspect = (gradients: Gradients<Module>): void => {
        const { recurrent, decoder } = gradients as Gradients<CharModel>;
        const cell = recurrent.cell as Gradients<RNNCell>;
        raw.Wxh = cell.weightIh.toTypedArray();
        raw.Whh = cell.weightHh.toTypedArray();
        raw.Why = decoder.weight.toTypedArray();
        raw.bh = cell.biasIh!.toTypedArray();
        raw.by = decoder.bias!.toTypedArray();
      };
      const trainer = trainerOf(preset, { inspect });
      restoreDrawn(trainer, point, point.iteration, point.position);
      const [loss = Number.NaN] = await steps(trainer, 1);
      const outside = names.flatMap((n) => Array.from(raw[n])).filter((g) => Math.abs(g) > golden.clip);
      expect(outside.length).toBe(point.clipped);
      const { tensors } = trainer.snapshot();
      const data = (key: string): ArrayLike<number> => tensors.get(key)?.data ?? [];
      worst = Math.max(
        worst,
        Math.abs(loss - point.loss) / point.loss,
        ...names.map((n) => worstError(raw[n], point.gradients[n])),
        worstOf((key) => data(`model.${key}`), point.after.weights),
        worstOf((key) => data(`optimizer.accumulator.${key}`), point.after.accumulators),
        worstError(data('carried'), point.after.hidden),
      );
    }
    console.log(`golden ${name}, the trainer: worst relative error ${worst.toExponential(1)}`);
    expect(worst).toBeLessThanOrEqual(1e-10);
  },
);

test('The smoothed loss of a preset starts at that of uniform guessing over a window, a mean one at that of a character', () => {
  const uniform = Math.log(goldenText().characters.length);
  expect(trainerOf(PRESETS.notebook).smoothedLoss).toBe(uniform * 10);
  expect(trainerOf({ ...PRESETS.notebook, reduction: 'mean' }).smoothedLoss).toBe(uniform);
  expect(trainerOf(PRESETS.notebook).bitsPerCharacter).toBeCloseTo(uniform / Math.LN2, 12);
});
