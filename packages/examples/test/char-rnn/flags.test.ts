import { expect, test } from 'vitest';
import { configurationOf, PRESETS, resumedConfiguration } from '../../src/char-rnn/configuration.ts';
import { OPTIMIZER_NAMES, RATES } from '../../src/char-rnn/optimizers.ts';
import { parseTrain } from '../../src/char-rnn/options.ts';
import type { Work } from '../../src/char-rnn/progress/work.ts';
import { sampleCharacters } from '../../src/char-rnn/sampling.ts';
import { assignWeights } from '../../src/char-rnn/saved-run.ts';
import type { Trainer } from '../../src/char-rnn/trainer.ts';
import { UsageError } from '../../src/cli/errors.ts';
import { steps, tensorsHash, tinyTrainer } from './tiny.ts';

const configured = (line: string) => configurationOf(parseTrain(line.split(' '))!);

/** The learning rates of the first steps. */
async function rates(trainer: Trainer, count: number): Promise<number[]> {
  const seen: number[] = [];
  for await (const event of trainer) if (event.type === 'step' && seen.push(event.lr) === count) break;
  return seen;
}

test('--layers stacks cells: each has weights, a state, and an effect', async () => {
  const [one, three] = [tinyTrainer(), tinyTrainer({ layers: 3, cell: 'gru' })];
  expect(one.model.namedParameters().some(([name]) => name.startsWith('upper'))).toBe(false);
  const names = three.model.namedParameters().map(([name]) => name);
  for (const layer of ['recurrent', 'upper.0', 'upper.1']) expect(names).toContain(`${layer}.cell.weightHh`);
  await steps(three, 2);
  const carried = [...three.snapshot().tensors.keys()].filter((name) => name.startsWith('carried'));
  expect(carried).toEqual(['carried.0', 'carried.1', 'carried.2']);
});

test.each(OPTIMIZER_NAMES)('--optimizer %s makes its own updates at its own rate', async (optimizer) => {
  const own = optimizer === 'adagrad' ? PRESETS.default.lr : RATES[optimizer];
  expect(configured(`--optimizer ${optimizer}`)).toMatchObject({ optimizer, lr: own });
  expect(configured(`--optimizer ${optimizer} --lr 0.5`).lr).toBe(0.5);
  const trainer = tinyTrainer({ optimizer, lr: 0.01 });
  await steps(trainer, 3);
  expect(trainer.optimizer.constructor.name.toLowerCase()).toBe(optimizer);
  expect(trainer.optimizer.steps).toBe(3);
});

test('--schedule decides the rate of every iteration of the run', async () => {
  const of = (schedule: Trainer['configuration']['schedule']) =>
    rates(tinyTrainer({ schedule, iterations: 40, lr: 1, optimizer: 'sgd' }), 40);
  expect(await of('constant')).toEqual(Array(40).fill(1));
  const cosine = await of('cosine');
  cosine.forEach((rate, i) => {
    expect(rate).toBeCloseTo((1 + Math.cos((Math.PI * i) / 40)) / 2, 12);
  });
  const warmed = await of('warmup-cosine');
  expect(warmed.slice(0, 3)).toEqual([0.5, 0.75, 1]);
  expect(warmed[39]).toBeLessThan(0.01);
  const falling = await of('exponential');
  falling.forEach((rate, i) => {
    expect(rate).toBeCloseTo((1 - 4.6 / 40) ** i, 12);
  });
  const cycle = await of('one-cycle');
  expect(cycle[0]).toBeCloseTo(1 / 25, 12);
  expect(Math.max(...cycle)).toBeCloseTo(1, 2);
  expect(cycle[39]).toBeLessThan(0.01);
  const stepped = await of('step');
  expect([stepped[13], stepped[14], stepped[27], stepped[28]]).toEqual([1, 0.1, 0.1, 0.1 ** 2]);
});

test('--schedule plateau halves the rate after three held-out losses that are not better', async () => {
  // At such a rate nothing improves.
  const trainer = tinyTrainer({ schedule: 'plateau', evalEvery: 2, lr: 1e-6, optimizer: 'sgd' });
  const seen = await rates(trainer, 12);
  expect(seen.slice(0, 8)).toEqual(Array(8).fill(1e-6));
  expect(seen.slice(8)).toEqual(Array(4).fill(0.5e-6));
});

test('--dropout changes training between layers, and neither samples nor held-out losses', async () => {
  const [without, dropping] = [tinyTrainer({ layers: 2 }), tinyTrainer({ layers: 2, dropout: 0.5 })];
  expect((await steps(dropping, 1))[0]).not.toBe((await steps(without, 1))[0]);
  const write = (): number[] => [
    ...sampleCharacters(dropping.model, dropping.samplingStart(), {
      length: 50,
      temperature: 0,
      random: dropping.random,
    }),
  ];
  const before = dropping.model.dropout!.random.state;
  expect(write()).toEqual(write());
  expect(dropping.model.dropout!.random.state).toEqual(before);
  expect(dropping.model.training).toBe(true);
});

test('--eval-every measures there, the best weights are kept and saved, and --patience ends the run', async () => {
  const configuration = { evalEvery: 20, patience: 2, iterations: 2_000, lr: 3 };
  const trainer = tinyTrainer(configuration);
  const losses: [step: number, loss: number][] = [];
  let reason = '';
  for await (const event of trainer) {
    if (event.type === 'validation') losses.push([event.step, event.loss]);
    if (event.type === 'done') reason = event.reason;
  }
  expect(reason).toBe('patience');
  expect(losses.map(([step]) => step)).toEqual(losses.map((_, i) => 20 * (i + 1)));
  const best = Math.min(...losses.map(([, loss]) => loss));
  expect(losses.at(-3)![1]).toBe(best);
  const [bestStep] = losses.at(-3)!;
  const upToBest = tinyTrainer(configuration);
  await steps(upToBest, bestStep);
  const saved = tinyTrainer({ seed: 5 });
  assignWeights(saved.model, trainer.snapshot().tensors);
  for (const model of [trainer.model, saved.model])
    expect(model.namedParameters().map(([, each]) => each.toArray())).toEqual(
      upToBest.model.namedParameters().map(([, each]) => each.toArray()),
    );
});

test('Evaluations show their progress', async () => {
  const seen: [what: string, share: number][] = [];
  const work: Work = async (...part) => seen.push(part) > 0;
  const trainer = tinyTrainer({ evalEvery: 2, holdOut: 0.3 }, { work });
  await steps(trainer, 3);
  // The first of 600 characters is not predicted.
  expect(seen).toEqual([256, 512, 599].map((done) => ['evaluating on held-out text', done / 599]));
});

test('Evaluations do not change training', async () => {
  const [silent, evaluated] = [tinyTrainer(), tinyTrainer({ evalEvery: 7 })];
  expect(await steps(evaluated, 40)).toEqual(await steps(silent, 40));
  expect(evaluated.model.namedParameters().map(([, each]) => each.toArray())).toEqual(
    silent.model.namedParameters().map(([, each]) => each.toArray()),
  );
  expect(tensorsHash(evaluated)).not.toBe(tensorsHash(silent));
});

test.each([
  ['--dropout 0.2', '--dropout: expected --layers of at least 2, got 1'],
  ['--patience 3', '--patience: expected --eval-every too'],
  ['--schedule plateau', '--schedule plateau: expected --eval-every too'],
  ['--preset notebook --eval-every 10', '--eval-every: expected a preset that holds text out'],
])('%s has no effect, and is an error', (line, message) => {
  expect(() => configured(line)).toThrow(UsageError);
  expect(() => configured(line)).toThrow(message);
});

test('A resumed run may change its patience alone', () => {
  const saved = configured('--eval-every 10');
  const resumed = (line: string) => resumedConfiguration(saved, parseTrain(line.split(' '))!);
  expect(resumed('--patience 5').patience).toBe(5);
  for (const line of [
    '--layers 2',
    '--dropout 0.1',
    '--optimizer adam',
    '--schedule cosine',
    '--eval-every 9',
  ])
    expect(() => resumed(line)).toThrow('--resume: the saved run has');
});
