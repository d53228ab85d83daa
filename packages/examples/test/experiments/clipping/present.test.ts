import { expect, test } from 'vitest';
import { bestTenth } from '../../../src/experiments/clipping/outcome.ts';
import { clipping } from '../../../src/experiments/clipping/present.ts';
import type { Config, Outcome } from '../../../src/experiments/clipping/run.ts';
import type { Presentation } from '../../../src/experiments/common/experiment.ts';
import { figurePanels } from '../../../src/plots/figure.ts';

/**
 * Runs of three seeds with every clipping, with given final losses. They begin at 4.5
 * nats; letter frequencies give 3.1.
 */
function made(
  finalOf: (name: string, seed: number) => number | null,
  spikesOf: (name: string) => number = () => 0,
  bestOf: (name: string) => number = () => 4,
): Presentation {
  const configs = clipping.parts('quick').filter(({ seed }) => seed <= 3) as Config[];
  const parts = configs.map((config) => {
    const name = config.clip === null ? 'none' : `${config.clip.by} ${config.clip.at}`;
    const finalLoss = finalOf(name, config.seed);
    const curve = { at: [50, 100], values: [bestOf(name), finalLoss ?? 5] };
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
  const { headline, findings, claims } = made(() => 2.1);
  expect(claims).toEqual([]);
  expect(headline).toMatch(/^Without clipping 0 of 3 runs diverge, .*no divergence for clipping to prevent/);
  expect(findings[0]).toBe(headline);
  expect(findings[2]).toMatch(/as well with some seeds\.$/);
});

test('where all unclipped runs diverge, each clipping is held against that, and each can come out either way', () => {
  const lost = (saved: RegExp): Presentation => made((name) => (saved.test(name) ? 2.2 : 9));
  const [kept, gone] = [
    [3, 3],
    [0, 3],
  ];
  // By value 5, 1 and 0.5, then by norm 5, 1 and 0.5.
  expect(verdicts(lost(/norm (0\.5|1)$/))).toEqual([gone, gone, gone, gone, kept, kept]);
  expect(verdicts(lost(/value|norm 5/))).toEqual([kept, kept, kept, kept, gone, gone]);
  const { headline, findings } = lost(/norm 1/);
  expect(headline).toBe('Without clipping 3 of 3 runs diverge; clipping by norm 1 saves all of them.');
  expect(findings.slice(1, 3)).toEqual([
    'Of the same seeds, all are saved by norm 1.',
    'None is saved by value 5, value 1, value 0.5, norm 5 and norm 0.5.',
  ]);
});

test('only seeds whose unclipped run diverges count', () => {
  const shown = made((name, seed) => (name === 'none' && seed === 2 ? 8 : 2.2));
  expect(verdicts(shown)).toEqual(Array.from({ length: 6 }, () => [1, 1]));
  expect(shown.findings[0]).toMatch(/^Without clipping 1 of 3 runs diverges/);
});

test('a run that learns little has not diverged, one that ends above its start or not at all has', () => {
  const losses = [3.9, 4.6, null];
  const { tables } = made((name, seed) => (name === 'none' ? losses[seed - 1]! : 2.2));
  const [none] = tables![0]!.rows as [readonly string[]];
  expect(none.slice(0, 3)).toEqual(['none', '1 not learned, 2 diverged', '4.3 ± 0.5 (and 1 not finite)']);
});

test('a run that had learned and lost it again is not saved, wherever it ends', () => {
  for (const final of [3.3, 2.5]) {
    const { claims, findings, tables } = made(
      (name) => (name === 'none' ? 9 : name === 'norm 1' ? final : 2.2),
      undefined,
      (name) => (name === 'none' ? 4 : 2.2),
    );
    expect(claims!.map(({ held }) => held)).toEqual([3, 3, 3, 3, 0, 3]);
    expect(claims![4]!.evidence[0]).toMatch(/^3 relapsed: final loss/);
    expect(findings).toContain('None is saved by norm 1.');
    expect(findings).toContain(`With norm 1, 3 runs relapse: from 2.2 nats, the best tenth, to ${final}.`);
    expect(tables![0]!.rows[5]!.slice(0, 2)).toEqual(['norm 1', '3 relapsed']);
  }
});

test('a run that ends a little above its best is saved, and the difference is given', () => {
  const best = (name: string): number => (name === 'norm 1' ? 2.15 : 2.2);
  const { claims, findings } = made((name) => (name === 'none' ? 9 : 2.2), undefined, best);
  expect(claims![4]).toMatchObject({ held: 3, of: 3 });
  expect(findings.filter((each) => each.includes('above that best'))).toEqual([
    'With norm 1 the saved runs end 0.05 nats above that best.',
  ]);
});

test('a run that stays between its start and letter frequencies is not saved', () => {
  const { claims } = made((name) => (name === 'none' ? 9 : 3.9));
  expect(claims!.map(({ held }) => held)).toEqual([0, 0, 0, 0, 0, 0]);
  expect(claims![0]!.evidence[0]).toMatch(/^3 not learned:/);
});

test('the best of a run is of as long a stretch as its final loss: one lucky stretch is none', () => {
  const values = Array.from({ length: 20 }, (_, i) => (i === 5 ? 1 : 3));
  const [config] = clipping.parts('quick') as [Config];
  const loss = { at: values.map((_, i) => i + 1), values };
  const outcome = { loss, firstLoss: 4.5, finalLoss: 3, letters: 3.1 } as unknown as Outcome;
  expect(bestTenth({ config, outcome, measured: {} })).toBe(2);
  const gap = { ...outcome, loss: { ...loss, values: [null, null, ...values.slice(2)] as number[] } };
  expect(bestTenth({ config, outcome: gap, measured: {} })).toBe(2);
});

test('runs without a finite loss are reported, and leave no empty plot', () => {
  const { findings, figures } = made(() => null);
  expect(findings[0]).toContain('3 of 3 runs diverge');
  expect(findings).toContain('No setting ends with a finite loss for every seed.');
  const ends = figures.find(({ name }) => name === 'clipping-ends')!;
  expect(ends.panels).toHaveLength(1);
  for (const figure of figures) expect(figurePanels(figure).join('')).not.toMatch(/NaN|Infinity|undefined/);
});

test('spikes are steps above one norm for all runs: a run that stays there has more, not fewer', () => {
  const { findings } = made(
    () => 2.2,
    (name) => (name === 'none' ? 84 : 0),
  );
  expect(findings).toContain('Spikes are steps with a gradient norm over 5 before clipping.');
  expect(findings).toContain(
    'Most frequent are 84 % with no clipping; least, 0 % with norm 0.5 (means over runs).',
  );
});
