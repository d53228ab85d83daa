import { expect, test } from 'vitest';
import { type Config, clipping, type Outcome } from '../../../src/experiments/clipping.ts';
import type { Presentation } from '../../../src/experiments/common/experiment.ts';
import { drawFigure } from '../../../src/plots/figure.ts';

/** Runs of three seeds with every clipping, whose final losses somebody made up. They begin at 4.5 nats; letter frequencies give 3.1. */
function made(
  finalOf: (name: string, seed: number) => number | null,
  spikesOf: (name: string) => number = () => 0,
): Presentation {
  const configs = clipping.parts('quick').filter(({ seed }) => seed <= 3) as Config[];
  const parts = configs.map((config) => {
    const name = config.clip === null ? 'none' : `${config.clip.by} ${config.clip.at}`;
    const finalLoss = finalOf(name, config.seed);
    const curve = { at: [50, 100], values: [4, finalLoss ?? 5] };
    const outcome: Outcome = {
      loss: curve,
      norm: curve,
      medianNorm: 0.9,
      largestNorm: 3,
      spikes: spikesOf(name),
      steps: 100,
      firstLoss: 4.5,
      finalLoss,
      letters: 3.1,
      uniform: 4.4,
    };
    return { config, outcome, measured: {} };
  });
  return clipping.present(parts);
}

const verdicts = ({ claims = [] }: Presentation): [held: number, of: number][] =>
  claims.map(({ held, of }) => [held, of]);

test('where no unclipped run diverges there is nothing that clipping prevents, and no claim', () => {
  const { findings, claims } = made(() => 2.1);
  expect(claims).toEqual([]);
  expect(findings[0]).toMatch(/^Without clipping none of 3 runs diverges .*nothing for clipping to prevent/);
  expect(findings[1]).toMatch(/as well with some seeds\.$/);
});

test('where all unclipped runs diverge, each clipping is held against that, and each can come out either way', () => {
  const lost = (saved: RegExp): Presentation => made((name) => (saved.test(name) ? 2.2 : 9));
  expect(verdicts(lost(/norm (0\.5|1)$/))).toEqual([
    [6, 6],
    [0, 3],
    [0, 9],
  ]);
  expect(verdicts(lost(/value|norm 5/))).toEqual([
    [0, 6],
    [3, 3],
    [9, 9],
  ]);
  expect(lost(/norm 1/).findings[0]).toContain(
    'clipping saves all with norm 1; none with value 5, value 1, value 0.5, norm 5 and norm 0.5',
  );
});

test('only seeds whose unclipped run diverges count', () => {
  const shown = made((name, seed) => (name === 'none' && seed === 2 ? 8 : 2.2));
  expect(verdicts(shown)).toEqual([
    [2, 2],
    [1, 1],
    [3, 3],
  ]);
  expect(shown.findings[0]).toMatch(/^Without clipping 1 of 3 runs diverges/);
});

test('a run that learns little has not diverged, one that ends above its start or not at all has', () => {
  const losses = [3.9, 4.6, null];
  const { tables } = made((name, seed) => (name === 'none' ? losses[seed - 1]! : 2.2));
  const [none] = tables![0]!.rows as [readonly string[]];
  expect(none.slice(0, 4)).toEqual(['none', '4.25 ± 0.49 (and 1 not finite)', '2 of 3', '0 of 3']);
});

test('runs that all end in nothing are told in words, and leave no empty plot', () => {
  const { findings, figures } = made(() => null);
  expect(findings[0]).toContain('3 of 3 runs diverge');
  expect(findings[1]).toBe('No setting ends with a finite loss for every seed.');
  const ends = figures.find(({ name }) => name === 'clipping-ends')!;
  expect(ends.panels).toHaveLength(1);
  for (const figure of figures) expect(drawFigure(figure)).not.toMatch(/NaN|Infinity|undefined/);
});

test('spikes are steps above one norm for all runs: a run that stays there has more, not fewer', () => {
  const { findings } = made(
    () => 2.2,
    (name) => (name === 'none' ? 84 : 0),
  );
  expect(findings[2]).toContain('norm over 5');
  expect(findings[2]).toContain('84 % with no clipping, 0 % with value 5');
});
