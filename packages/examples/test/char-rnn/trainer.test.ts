import { type Tensor, useKernels } from '@chronograd/tensor';
import fc from 'fast-check';
import { afterEach, expect, test } from 'vitest';
import { CELL_NAMES } from '../../src/char-rnn/cells.ts';
import { OPTIMIZER_NAMES, SCHEDULE_NAMES } from '../../src/char-rnn/optimizers.ts';
import { sampleCharacters } from '../../src/char-rnn/sampling.ts';
import type { Init, TrainConfiguration } from '../../src/char-rnn/settings.ts';
import type { Trainer } from '../../src/char-rnn/trainer.ts';
import { RunFailure } from '../../src/cli/errors.ts';
import { steps, tensorsHash, tinyTrainer } from './tiny.ts';

afterEach(() => useKernels('strict'));

const sample = (trainer: Trainer): string =>
  trainer.text.vocabulary.decode(
    sampleCharacters(trainer.model, trainer.samplingStart(), {
      length: 20,
      temperature: 1,
      random: trainer.random,
    }),
  );

test('The same seed gives the same bits: two runs of 500 iterations end in equal weights, and another seed in others', async () => {
  const [first, second, other] = [tinyTrainer(), tinyTrainer(), tinyTrainer({ seed: 2 })];
  expect(await steps(first, 500)).toEqual(await steps(second, 500));
  expect(tensorsHash(first)).toBe(tensorsHash(second));
  await steps(other, 500);
  expect(tensorsHash(other)).not.toBe(tensorsHash(first));
});

test.each(['float32', 'float64'] as const)(
  'Strict and reference kernels train to the same bits in %s',
  async (dtype) => {
    const run = async (kernels: 'strict' | 'reference'): Promise<[number[], string, string]> => {
      useKernels(kernels);
      const trainer = tinyTrainer({ dtype });
      return [await steps(trainer, 120), tensorsHash(trainer), sample(trainer)];
    };
    expect(await run('reference')).toEqual(await run('strict'));
  },
);

const variants: fc.Arbitrary<Partial<TrainConfiguration>> = fc.record({
  cell: fc.constantFrom(...CELL_NAMES),
  dtype: fc.constantFrom('float32', 'float64'),
  layers: fc.constantFrom(1, 2, 3),
  dropout: fc.constantFrom(0, 0.3),
  optimizer: fc.constantFrom(...OPTIMIZER_NAMES),
  lr: fc.constant(0.01),
  schedule: fc.constantFrom(...SCHEDULE_NAMES),
  iterations: fc.constant(500),
  evalEvery: fc.constantFrom(25, 30, 1_000),
  patience: fc.constantFrom(null, 50),
  batch: fc.integer({ min: 1, max: 3 }),
  reduction: fc.constantFrom('sum', 'mean'),
  resetAtEnd: fc.boolean(),
  clip: fc.constantFrom(null, { by: 'value', at: 0.01 } as const, { by: 'norm', at: 0.1 } as const),
  init: fc.constantFrom<Init[]>('fan-in', 'xavier-normal', 'xavier-uniform', 'pytorch', 'orthogonal', {
    normal: 0.1,
  }),
});

test('A run restored from a snapshot goes on with the same losses, tensors and samples, wherever it was taken', async () => {
  await fc.assert(
    fc.asyncProperty(variants, fc.integer({ min: 0, max: 150 }), async (changes, cut) => {
      const uninterrupted = tinyTrainer(changes);
      await steps(uninterrupted, cut);
      sample(uninterrupted);
      const snapshot = uninterrupted.snapshot();
      const losses = await steps(uninterrupted, 40);
      const resumed = tinyTrainer({ ...changes, seed: 77 });
      resumed.restore(snapshot);
      expect(resumed.iteration).toBe(cut);
      expect(await steps(resumed, 40)).toEqual(losses);
      expect(resumed.smoothedLoss).toBe(uninterrupted.smoothedLoss);
      expect(tensorsHash(resumed)).toBe(tensorsHash(uninterrupted));
      expect(sample(resumed)).toBe(sample(uninterrupted));
    }),
    { seed: 1, numRuns: 25 },
  );
});

test('Sampling does not disturb training', async () => {
  const [silent, talking] = [tinyTrainer(), tinyTrainer()];
  for (let i = 0; i < 30; i++) {
    sample(talking);
    expect(await steps(talking, 5)).toEqual(await steps(silent, 5));
  }
  expect(tensorsHash(talking)).toBe(tensorsHash(silent));
});

test('Samples start at the character that the first stream reads next, and with zeros where the text begins again', async () => {
  const trainer = tinyTrainer();
  const { training } = trainer.text;
  const length = Math.floor(training.length / 3);
  let begunAgain = 0;
  for (let i = 0, position = 0; i < 200; i++) {
    const ends = position + 7 + 1 >= length;
    const { state, character } = trainer.samplingStart();
    const h = state as Tensor;
    expect(character).toBe(training[ends ? 0 : position]);
    expect(h.shape).toEqual([1, 19]);
    expect(h.toTypedArray().every((value) => value === 0)).toBe(ends || i === 0);
    if (ends) begunAgain++;
    position = (ends ? 0 : position) + 7;
    await steps(trainer, 1);
  }
  expect(begunAgain).toBe(2);
});

/** Sets everything to 0 but the decoder's rows, which get one number each. */
function clear(trainer: Trainer, row: (character: number) => number): void {
  const { state, tensors } = trainer.snapshot();
  const changed = new Map(tensors);
  for (const [name, { shape, data }] of tensors) {
    if (data instanceof Int32Array || name === 'optimizer.lr') continue;
    const value = (_: unknown, i: number): number =>
      name === 'model.decoder.weight' ? row(Math.floor(i / 19)) : 0;
    changed.set(name, { dtype: 'F32', shape, data: Float32Array.from(data, value) });
  }
  trainer.restore({ state, tensors: changed });
}

test('A loss that is not finite ends the run, and leaves the parameters as they were', async () => {
  const trainer = tinyTrainer();
  clear(trainer, () => Number.NaN);
  const before = tensorsHash(trainer);
  await expect(steps(trainer, 1)).rejects.toThrow(RunFailure);
  await expect(steps(trainer, 1)).rejects.toThrow(
    'training diverged in iteration 1: the loss is not finite; lower --lr',
  );
  expect(tensorsHash(trainer)).toBe(before);
});

test.each([null, { by: 'value', at: 5 }, { by: 'norm', at: 5 }] as const)(
  'A gradient that is not finite ends the run under the clipping %j, naming the parameter',
  async (clip) => {
    const trainer = tinyTrainer({ clip, reduction: 'sum' });
    // All states are 0, so all logits are: the loss is finite. What comes back through the decoder
    // is beyond float32.
    const e = trainer.text.vocabulary.characters.indexOf('e');
    clear(trainer, (character) => (character === e ? -3e38 : 3e38));
    const before = tensorsHash(trainer);
    const message =
      /^training diverged in iteration 1: the gradient of recurrent\.cell\.\w+ is not finite; lower --lr/;
    await expect(steps(trainer, 1)).rejects.toThrow(message);
    expect(tensorsHash(trainer)).toBe(before);
  },
);
