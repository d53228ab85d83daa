import { expect, test } from 'vitest';
import { type CharacterConfig, CharacterTraining } from '../../../src/experiments/common/characters.ts';
import { stepSeconds } from '../../../src/experiments/common/timing.ts';

const CONFIG: CharacterConfig = {
  corpus: 'simple',
  characters: 2_000,
  holdOut: 0.2,
  cell: 'rnn',
  hidden: 8,
  steps: 5,
  batch: 2,
  optimizer: 'sgd',
  lr: 1,
  clip: null,
  init: 'xavier-normal',
  iterations: 3,
  seed: 1,
};

/** By how much one step moves each weight, and the norm that it reports. */
async function moved(
  clip: CharacterConfig['clip'],
): Promise<{ readonly moves: number[]; readonly norm: number }> {
  const training = new CharacterTraining({ ...CONFIG, clip });
  const values = (): number[] => training.model.parameters().flatMap((each) => [...each.toTypedArray()]);
  const before = values();
  const { norm } = (await training.step())!;
  return { moves: values().map((value, i) => value - before[i]!), norm };
}

test('clipping by norm bounds how far a step of SGD goes, clipping by value each weight of it, and none bounds nothing', async () => {
  const length = (moves: readonly number[]): number => Math.hypot(...moves);
  const free = await moved(null);
  expect(length(free.moves)).toBeCloseTo(free.norm, 4);
  const byNorm = await moved({ by: 'norm', at: 0.01 });
  expect(length(byNorm.moves)).toBeCloseTo(0.01, 5);
  const byValue = await moved({ by: 'value', at: 0.01 });
  expect(Math.max(...byValue.moves.map(Math.abs))).toBeCloseTo(0.01, 5);
  // The norm is that of before clipping.
  expect([byNorm.norm, byValue.norm]).toEqual([free.norm, free.norm]);
});

test('a run that diverges ends, and says so', async () => {
  const training = new CharacterTraining({ ...CONFIG, lr: 1e38, iterations: 20 });
  const steps = await training.run();
  expect(training.diverged).toBe(true);
  expect(steps.length).toBeLessThan(20);
  expect(await training.step()).toBeNull();
});

test('held-out text is not trained on', () => {
  const { text } = new CharacterTraining(CONFIG);
  expect([text.training.length, text.heldOut.length]).toEqual([1600, 400]);
});

test('a step’s seconds are those of a round, shared among its windows; the round that warms up is not counted', async () => {
  const trainings = [new CharacterTraining(CONFIG), new CharacterTraining({ ...CONFIG, steps: 10 })];
  // A clock that only moves with the steps: 1 ms each at first, 2 ms later.
  let now = 0;
  const clocked = trainings.map((training, i): CharacterTraining => {
    training.step = async () => {
      now += (i + 1) * (now < 14 ? 1 : 2);
      return null;
    };
    return training;
  });
  const seconds = await stepSeconds(
    clocked,
    2,
    (i) => [4, 5][i]!,
    () => now,
  );
  expect(seconds).toEqual([
    [0.002, 0.002],
    [0.004, 0.004],
  ]);
});
