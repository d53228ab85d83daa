import { expect, test } from 'vitest';
import { alikeWords, lowest, worse } from '../../../src/experiments/common/ranking.ts';

test('a setting is told from the best where every seed, and the mean difference, says so', () => {
  const runs: Readonly<Record<string, readonly number[]>> = {
    clearly: [3, 3.1, 2.9],
    best: [1, 1.1, 1.2],
    // Better with one seed.
    mixed: [1.2, 1, 1.4],
    // Worse with every seed, but by differences that vary more than they amount to.
    barely: [1.01, 1.11, 2.2],
  };
  const { best, alike } = lowest(Object.keys(runs), (name) => runs[name]!);
  expect({ best, alike }).toEqual({ best: 'best', alike: ['mixed', 'barely'] });
});

test('one seed tells nothing apart, and what is the same is not worse', () => {
  expect(worse([2], [1])).toBe(false);
  expect(worse([2, 2], [2, 2])).toBe(false);
  expect(worse([2.1, 2.1], [2, 2])).toBe(true);
});

test('a run that came to no finite loss is worse than one that did', () => {
  expect(worse([Number.POSITIVE_INFINITY, 4, 4], [1, 1, 1])).toBe(true);
});

test('words say what is not told from the best, and nothing where all is', () => {
  expect([[], ['a'], ['a', 'b']].map(alikeWords)).toEqual([
    '',
    '; a is not told from it',
    '; a and b are not told from it',
  ]);
});
