import { expect, test } from 'vitest';
import type { Presentation } from '../../../src/experiments/common/experiment.ts';
import { type Config, type Outcome, training } from '../../../src/experiments/training.ts';

const CURVE = { at: [1500, 3000], values: [3, 2] };

/** Three runs that somebody made up. */
function made(changes: (seed: number) => Partial<Outcome>): Presentation {
  const configs = training.parts('quick') as Config[];
  return training.present(
    configs.map((config) => ({
      config,
      measured: {},
      outcome: {
        loss: CURVE,
        smoothed: CURVE,
        norm: CURVE,
        norms: { 'readout.weight': CURVE },
        clipped: 0.1,
        vocabulary: 80,
        parameters: 1000,
        firstLoss: 4.8,
        finalLoss: 2,
        heldOutLoss: 2.1,
        crossing: 35,
        trained: 600_000,
        uniform: 4.4,
        letters: 3.1,
        frequencies: [
          { character: ' ', text: 0.16, sample: 0.16 },
          { character: 'e', text: 0.1, sample: 0.11 },
        ],
        distance: 0.04,
        textDistances: [0.03, 0.05],
        sample: 'Call me',
        ...changes(config.seed),
      },
    })),
  );
}

test('the first loss that is told is the first that was measured, and held-out text is told beside the text trained on', () => {
  const [sentence] = made(() => ({})).findings;
  expect(sentence).toContain('goes from 4.8 ± 0 nats in the first window (even guessing has 4.4) to 2 ± 0');
  expect(sentence).toContain(
    '1,200,000 characters, 2 times the text; on text that is held out it is 2.1 ± 0',
  );
  expect(sentence).toContain('after 14,000 (14,000 … 14,000) characters.');
});

test('the stretches that a curve has the means of are told in whole steps, and a text that is read once is so told', () => {
  const caption = (changes: Partial<Outcome>): string => made(() => changes).figures[1]!.caption;
  expect(caption({})).toContain(
    'Both panels: the text that is trained on. Pale: one run, means of 1,500 steps;',
  );
  const loss = { at: [83, 167, 250], values: [4, 3, 2] };
  expect(caption({ loss })).toContain('means of 83 to 84 steps;');
  expect(caption({ trained: 1_200_000 })).toContain('1,200,000 characters, as many as the text has; on text');
});

test('a loss that never gets below letter frequencies is told so, and one that does in some runs too', () => {
  expect(made(() => ({ crossing: null })).findings[0]).toContain('never gets below');
  expect(made((seed) => ({ crossing: seed === 1 ? null : 40 })).findings[0]).toMatch(
    /after 16,000 .* characters in 2 of 3 runs\.$/,
  );
});

test('letters of the sample are held against stretches of the book, with their spread', () => {
  expect(made(() => ({})).findings[2]).toMatch(
    /differs from the book in 4 ± 0 % .*; 2 stretches of the book, each as long as the sample, differ from the whole in 4 ± 1\.4 %\./,
  );
});

test('the parameter with the largest gradient is named with those that seeds do not tell from it', () => {
  const last = (value: number): Outcome['loss'] => ({ at: [1500, 3000], values: [1, value] });
  const [, clear] = made((seed) => ({ norms: { small: last(0.1), large: last(0.6 + seed / 100) } })).findings;
  expect(clear).toContain('At the end large has the largest part in it (0.62 ± 0.01).');
  const [, unclear] = made((seed) => ({ norms: { a: last(seed % 2), b: last(0.1) } })).findings;
  expect(unclear).toMatch(/At the end a has the largest part in it .*; b does as well with some seeds\.$/);
});
