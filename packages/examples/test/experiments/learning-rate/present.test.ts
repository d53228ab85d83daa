import { expect, test } from 'vitest';
import type { Presentation } from '../../../src/experiments/common/experiment.ts';
import { learningRate } from '../../../src/experiments/learning-rate/present.ts';
import { figurePanels } from '../../../src/plots/figure.ts';

/** Runs of three seeds: the suggested rate, and the final losses at 0.1, 1 and 10 times it. */
function made(
  suggestionOf: (seed: number, optimizer: string) => number | null,
  finals: readonly (number | null)[] = [2.4, 2.1, 2.9],
): Presentation {
  const configs = learningRate.parts('quick').filter(({ seed }) => seed <= 3);
  return learningRate.present(
    configs.map((config) => {
      const suggestion = suggestionOf(config.seed, config.optimizer);
      const outcome = {
        rates: [1e-5, 1e-2, 1, 10],
        smoothed: [4.4, 4.2, 3.1, 3.4].map((loss) => loss + config.seed / 20),
        suggestion,
        finals: suggestion === null ? [null, null, null] : finals,
      };
      return { config, outcome, measured: {} };
    }),
  );
}

const held = ({ claims = [] }: Presentation): [held: number, of: number][] =>
  claims.map((claim) => [claim.held, claim.of]);

test('the suggested rate is compared with each other rate, seed by seed', () => {
  expect(held(made(() => 0.1))).toEqual([
    [9, 9],
    [9, 9],
    [3, 3],
  ]);
  expect(held(made(() => 0.1, [2, 2.1, 2.9])).slice(0, 2)).toEqual([
    [0, 9],
    [9, 9],
  ]);
  const { headline, tables } = made(() => 0.1, [2.4, 2.1, 2.1]);
  expect(headline).toBe(
    'The suggested rate ends below 0.1 times it in 9 of 9 runs and 10 times it in 0 of 9 runs.',
  );
  expect(tables![0]!.rows[0]).toEqual(['SGD', '0.1', '2.4', '2.1', '2.1']);
});

test('a training that is not finite ends above all others', () => {
  const lost = made(() => 0.1, [2.4, 2.1, null]);
  expect(held(lost)[1]).toEqual([9, 9]);
  expect(lost.claims![1]!.evidence[0]).toBe('SGD: 2.1 nats at the suggested rate, not finite at 10 times.');
  expect(held(made(() => 0.1, [2.4, null, null])).slice(0, 2)).toEqual([
    [0, 9],
    [0, 9],
  ]);
});

test('losses at each rate are reported as medians, and those that are not finite by name', () => {
  expect(made(() => 0.1, [2.4, 2.1, null]).findings).toContain(
    'Final losses with SGD at 0.1, 1 and 10 times its rate: 2.4 nats, 2.1 nats and not finite (medians).',
  );
});

test('seeds agree within a factor of three', () => {
  const claim = (largest: number): number =>
    made((seed, optimizer) => (optimizer === 'sgd' && seed === 3 ? largest : 0.1)).claims![2]!.held;
  expect([claim(0.29), claim(0.31), claim(0.03)]).toEqual([3, 2, 2]);
});

test('tests without a suggestion are reported, and do not count', () => {
  const some = made((seed) => (seed === 2 ? null : 0.1));
  expect(held(some)[0]).toEqual([6, 6]);
  expect(some.findings).toContain('For Adam, 2 of 3 tests suggest a rate: 0.1.');
  const none = made(() => null);
  expect(none.headline).toBe('No test suggests a rate, since no smoothed loss falls.');
  expect(none.claims).toEqual([]);
  expect(none.findings).toContain('For SGD no test suggests a rate.');
  for (const figure of none.figures)
    expect(figurePanels(figure).join('')).not.toMatch(/NaN|Infinity|undefined/);
});
