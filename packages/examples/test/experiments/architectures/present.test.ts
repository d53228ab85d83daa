import { expect, test } from 'vitest';
import { architectures } from '../../../src/experiments/architectures/present.ts';
import type { Config, Outcome } from '../../../src/experiments/architectures/run.ts';
import { timeKey } from '../../../src/experiments/architectures/run.ts';
import type { Presentation } from '../../../src/experiments/common/experiment.ts';

/**
 * Three seeds of every network on every text, with losses on held-out text in bits that somebody
 * made up.
 */
function made(bitsOf: (config: Config) => number): Presentation {
  const configs = architectures.parts('quick') as Config[];
  return architectures.present(
    configs.map((config) => {
      const heldOutLoss = bitsOf(config) * Math.LN2;
      const outcome: Outcome = {
        vocabulary: 50,
        parameters: 1000,
        entropy: 4 * Math.LN2,
        finalLoss: 1,
        heldOutLoss,
        trained: 285_000,
      };
      const measured = Object.fromEntries(config.timed.map((shape) => [timeKey(shape), 2e-6]));
      return { config, outcome: config.rounds > 0 ? null : outcome, measured };
    }),
  );
}

test('the best network of a text is the one with the lowest loss, large or small', () => {
  const larger = made(({ hidden }) => 3 - hidden / 100).findings;
  expect(larger[0]).toMatch(/^On simple, 100 \/ 35 is best;/);
  const smaller = made(({ hidden }) => 2 + hidden / 100).findings;
  expect(smaller[1]).toBe(
    'On numbers, 25 / 15 is best; from 25 / 15 to 100 / 35 loss falls by −0.75 ± 0 bits.',
  );
  expect(smaller.at(-1)).toBe('The largest network makes 2.3 times fewer updates than the smallest.');
});

test('networks that seeds do not tell apart are said to be alike', () => {
  const [best] = made(({ hidden, seed }) => 3 - (hidden >= 50 ? 1 + ((hidden + seed) % 2) / 10 : 0)).findings;
  expect(best).toMatch(/^On simple, (50 \/ 25|100 \/ 35) is best \(tied with (50 \/ 25|100 \/ 35)\)/);
});

test('what is learned is a share of each text’s own entropy, and bits are nats over ln 2', () => {
  const { headline, tables } = made(({ corpus, hidden }) => (corpus === 'simple' ? 1 : 3) + 1 / hidden);
  expect(headline).toContain('remove 75 % (simple), 25 % (numbers), 25 % (code) and 25 % (moby-dick).');
  expect(tables![0]!.rows[2]!.slice(7)).toEqual(['1.01 ± 0', '2.01 ± 0', '2', '0.4']);
});

test('all texts share one axis, as wide in each panel', () => {
  const { figures } = made(({ corpus }) => (corpus === 'simple' ? 0.777 : 7.5));
  const axis = (content: string): unknown => content.match(/<text transform="[^"]*" y="0.71em">[^<]*/g);
  const [first, ...others] = figures[0]!.panels.map(({ content }) => axis(content));
  expect(first).toHaveLength(5); // 0, 2, 4, 6, 8
  for (const other of others) expect(other).toEqual(first);
});
