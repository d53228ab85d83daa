import { expect, test } from 'vitest';
import type { Presentation } from '../../../src/experiments/common/experiment.ts';
import { sequenceLength } from '../../../src/experiments/sequence-length/present.ts';
import type { Config, Outcome } from '../../../src/experiments/sequence-length/run.ts';

/** Three seeds of every length, with losses on held-out text that somebody made up. */
function made(lossOf: (steps: number, seed: number) => number): Presentation {
  const configs = sequenceLength.parts('quick') as Config[];
  return sequenceLength.present(
    configs.map((config) => {
      const loss = lossOf(config.steps, config.seed);
      const outcome: Outcome = {
        loss: { at: [1, 2], values: [3, loss] },
        meanNorm: 1,
        finalLoss: loss + 0.1,
        heldOutLoss: loss,
        trained: 1_200_000,
      };
      return { config, outcome: config.rounds > 0 ? null : outcome, measured: {} };
    }),
  );
}

test('the best length is named once, whichever it is, and the ends beside it', () => {
  const best = (steps: number): string =>
    made((each, seed) => (each === steps ? 2 : 2.5) + seed / 100).findings.join(' ');
  expect(best(25)).toMatch(
    /nats, with T = 25\. T = 5 ends at 2\.52 ± 0\.01 nats\. T = 200 ends at .*\. T = 200 makes 40 times fewer/,
  );
  expect(best(5)).toMatch(/nats, with T = 5\. T = 200 ends at 2\.52 ± 0\.01 nats\. T = 200 makes/);
  expect(best(200)).toMatch(/nats, with T = 200\. T = 5 ends at 2\.52 ± 0\.01 nats\. T = 200 makes/);
  expect(made((steps) => (steps === 25 ? 2 : 2.5)).headline).toMatch(/windows of 25 steps .*: 2 nats/);
});

test('lengths that seeds do not tell apart are said to be alike', () => {
  const { findings } = made((steps, seed) => (steps <= 10 ? 2 + ((steps * seed) % 3) / 100 : 2.5));
  expect(findings.join(' ')).toMatch(/with T = (5|10)\. T = (5|10) does as well with some seeds\./);
});

test('without times there is no sentence, figure or claim of time', () => {
  const { findings, figures, claims } = made(() => 2);
  expect(findings).toContain('Times were not measured.');
  expect(figures.map(({ name }) => name)).toEqual(['sequence-length-loss', 'sequence-length-effects']);
  expect(claims).toEqual([]);
});
