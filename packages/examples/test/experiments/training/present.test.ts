import { expect, test } from 'vitest';
import type { Presentation } from '../../../src/experiments/common/experiment.ts';
import { training } from '../../../src/experiments/training/present.ts';
import type { Config, Outcome } from '../../../src/experiments/training/run.ts';

const CURVE = { at: [1500, 3000], values: [3, 2] };

/** Three runs with given outcomes. */
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

test('the first loss is the first that was measured, and held-out loss is given beside training loss', () => {
  const { headline, findings } = made(() => ({}));
  expect(headline).toMatch(/ from 4\.8 to 2 nats per character\.$/);
  expect(findings.slice(0, 4)).toEqual([
    'The training loss falls from 4.8 ± 0 nats in the first window to 2 ± 0 over the last tenth.',
    'Even guessing gives 4.4 nats, and letter frequencies give 3.1.',
    'Each run reads 1,200,000 characters, so it reads the text 2 times.',
    'On held-out text the loss is 2.1 ± 0 nats, a perplexity of 8.17 ± 0.',
  ]);
  expect(findings[4]).toMatch(/after 14,000 characters\.$/);
});

test('the stretches of a curve are given in whole steps, and a text may be read once', () => {
  const caption = (changes: Partial<Outcome>): string => made(() => changes).figures[0]!.caption;
  expect(caption({})).toContain('On the training text. Pale: one run, means of 1,500 steps.');
  const loss = { at: [83, 167, 250], values: [4, 3, 2] };
  expect(caption({ loss })).toContain('means of 83 to 84 steps.');
  expect(made(() => ({ trained: 1_200_000 })).findings[2]).toMatch(/reads the text once\.$/);
});

test('a loss that never falls below letter frequencies is reported, and one that does in some runs too', () => {
  expect(made(() => ({ crossing: null })).findings[4]).toContain('never falls below');
  expect(made((seed) => ({ crossing: seed === 1 ? null : 40 })).findings[4]).toMatch(
    /after 16,000 characters in 2 of 3 runs\.$/,
  );
});

test('letters of the sample are compared with stretches of the book, with their spread', () => {
  expect(made(() => ({})).findings.slice(-2)).toEqual([
    'Samples differ from the book in 4 ± 0 % of their letters (total variation).',
    '2 stretches of the book, as long as a sample, differ from the whole in 4 ± 1.4 %.',
  ]);
});

test('the parameter with the largest gradient is named with those that seeds do not tell from it', () => {
  const last = (value: number): Outcome['loss'] => ({ at: [1500, 3000], values: [1, value] });
  const clear = made((seed) => ({ norms: { small: last(0.1), large: last(0.6 + seed / 100) } })).findings;
  expect(clear).toContain('At the end large has the largest gradient norm of all parameters, 0.62 ± 0.01.');
  expect(clear.join(' ')).not.toContain('as well with some seeds');
  const unclear = made((seed) => ({ norms: { a: last(seed % 2), b: last(0.1) } })).findings;
  expect(unclear.join(' ')).toMatch(
    /At the end a has the largest gradient norm of all parameters, \S+ ± \S+\. b does as well with some seeds\./,
  );
});
