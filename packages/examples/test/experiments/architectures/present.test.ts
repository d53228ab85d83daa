import { expect, test } from 'vitest';
import { timeKey } from '../../../src/experiments/architectures/present.ts';
import { architectures, type Config, type Outcome } from '../../../src/experiments/architectures.ts';
import type { Presentation } from '../../../src/experiments/common/experiment.ts';

/** Three seeds of every network on every text, with losses on held-out text in bits that somebody made up. */
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
  const [, larger] = made(({ hidden }) => 3 - hidden / 100).findings;
  expect(larger).toContain('100 / 35 on simple, 100 / 35 on numbers');
  const [falls, smaller] = made(({ hidden }) => 2 + hidden / 100).findings;
  expect(smaller).toContain('25 / 15 on simple, 25 / 15 on numbers');
  expect(falls).toMatch(
    /^From 25 \/ 15 to 100 \/ 35 \(hidden \/ steps; .* 2\.3 times fewer updates\) held-out loss falls, in bits per character, by −0\.75 ± 0 on simple, /,
  );
});

test('networks that seeds do not tell apart are said to be alike', () => {
  const [, best] = made(
    ({ hidden, seed }) => 3 - (hidden >= 50 ? 1 + ((hidden + seed) % 2) / 10 : 0),
  ).findings;
  expect(best).toMatch(
    /(50 \/ 25|100 \/ 35) on simple \((50 \/ 25|100 \/ 35) does as well with some seeds\)/,
  );
});

test('what is learned is a share of each text’s own entropy, and bits are nats over ln 2', () => {
  const { findings, tables } = made(({ corpus, hidden }) => (corpus === 'simple' ? 1 : 3) + 1 / hidden);
  expect(findings[2]).toMatch(
    /takes away 75 % of simple, 25 % of numbers, 25 % of code and 25 % of moby-dick/,
  );
  expect(tables![0]!.rows[2]!.slice(7)).toEqual(['1.01 ± 0', '2.014 ± 0', '2', '0.4']);
});

test('all texts share one axis, as wide in each panel', () => {
  const { figures } = made(({ corpus }) => (corpus === 'simple' ? 0.777 : 7.5));
  const axis = (content: string): unknown => content.match(/<text transform="[^"]*" y="0.71em">[^<]*/g);
  const [first, ...others] = figures[0]!.panels.map(({ content }) => axis(content));
  expect(first).toHaveLength(5); // 0, 2, 4, 6, 8
  for (const other of others) expect(other).toEqual(first);
});
