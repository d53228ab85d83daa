import { expect, test } from 'vitest';
import { FEATURES } from '../../../src/experiments/hidden-states/features.ts';
import { hiddenStates, present } from '../../../src/experiments/hidden-states/present.ts';
import type { Config, Outcome } from '../../../src/experiments/hidden-states/run.ts';

type Part = Parameters<typeof present>[0][number];

/** What a seed's best units give on new text, by feature; 0.1 where nothing is said. */
function part(seed: number, confirmed: Readonly<Record<string, number>>, chosen = 0.9): Part {
  const values = Array.from({ length: 96 }, (_, i) => Math.sin(i));
  const outcome: Outcome = {
    finalLoss: 1,
    tracked: FEATURES.map(({ name }, unit) => {
      return { feature: name, unit, chosen, confirmed: confirmed[name] ?? 0.1, chance: 0.05 };
    }),
    excerpt: 'a'.repeat(96),
    activations: Object.fromEntries(FEATURES.map(({ name }) => [name, values])),
    heat: [{ unit: 7, values }],
    principal: { shares: [0.5, 0.2], points: values.map((value, i) => [value, i]) },
    points: 'b'.repeat(96),
  };
  return { config: { ...(hiddenStates.parts('tiny')[0] as Config), seed }, outcome, measured: {} };
}

const memory = (...parts: Part[]): string =>
  present(parts)
    .findings.filter((each) => each.startsWith('Memory: '))
    .join(' ');

test('a feature is tracked in as many seeds as reach the threshold, whatever their median', () => {
  const said = memory(
    part(1, { parentheses: 0.2 }),
    part(2, { parentheses: 0.57 }),
    part(3, { parentheses: 0.3 }),
  );
  expect(said).toMatch(/a unit tracks the depth of parentheses in code in 1 of 3 seeds/);
  expect(said).toMatch(/no unit reaches r ≥ 0\.5 with any seed for comment \(0\.1\)/);
});

test('where no unit reaches it, that is said, with how near they come', () => {
  expect(memory(part(1, { comment: 0.49 }), part(2, {}))).toMatch(
    /^Memory: no unit reaches r ≥ 0\.5 with any seed for comment \(0\.49\)/,
  );
});

test('a unit that turned around on new text does not track', () => {
  const all = Object.fromEntries(FEATURES.map(({ name }) => [name, -0.9]));
  expect(memory(part(1, all))).toMatch(/^Memory: no unit reaches/);
  expect(memory(part(1, all, -0.9))).toMatch(/a unit tracks being inside a comment in 1 of 1 seed/);
});

test('echoes are separated from features that need memory', () => {
  const { findings, figures } = present([part(1, { vowel: 0.8 }), part(2, { vowel: 0.7 })]);
  expect(findings.find((each) => each.startsWith('Memory:'))).not.toMatch(/vowel/);
  expect(findings.join(' ')).toMatch(/Echo: a unit tracks a vowel in 2 of 2 seeds/);
  const text = figures.find(({ name }) => name === 'hidden-states-text')!;
  const drawn = text.panels.map(({ content }) => content).join('');
  expect(drawn).toMatch(/, below 0\.5</);
  expect(drawn).toContain('Unit 7 and a vowel: r = 0.8, an echo<');
});

test('the headline names what is tracked with every seed', () => {
  expect(present([part(1, { comment: 0.6 }), part(2, { comment: 0.7 })]).headline).toBe(
    'Single LSTM units track being inside a comment, with every seed.',
  );
  expect(present([part(1, { comment: 0.6 }), part(2, {})]).headline).toMatch(/^No feature that needs memory/);
});
