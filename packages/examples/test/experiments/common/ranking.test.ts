import { expect, test } from 'vitest';
import { median } from '../../../src/common/statistics.ts';
import { lowest, tiedSentences, worse } from '../../../src/experiments/common/ranking.ts';

test('the best has the lowest center, and those that are as low with some seed tie with it', () => {
  const runs: Readonly<Record<string, readonly number[]>> = {
    clearly: [3, 3.1, 2.9],
    best: [1, 1.1, 1.2],
    mixed: [1.2, 1, 1.4],
    barely: [1.01, 1.11, 2.2],
    same: [5, 5, 1.2],
  };
  const ranked = lowest(Object.keys(runs), (name) => runs[name]!);
  expect(ranked).toEqual({ best: 'best', tied: ['mixed', 'same'] });
});

test('the center is the one that is requested', () => {
  const runs: Readonly<Record<string, readonly number[]>> = { a: [1, 1, 10], b: [2, 2, 2] };
  expect(lowest(['a', 'b'], (name) => runs[name]!).best).toBe('b');
  expect(lowest(['a', 'b'], (name) => runs[name]!, median).best).toBe('a');
});

test('what came to no finite loss is worse than what did, and what is the same is not worse', () => {
  expect(worse([Number.POSITIVE_INFINITY, 4, 4], [1, 1, 1])).toBe(true);
  expect(worse([2, 2], [2, 2])).toBe(false);
  expect(worse([2.1, 2.1], [2, 2])).toBe(true);
});

test('a sentence names what does as well with some seeds, or counts it', () => {
  expect([[], ['a'], ['a', 'b'], [...'abcde']].map(tiedSentences)).toEqual([
    [],
    ['a does as well with some seeds.'],
    ['a and b do as well with some seeds.'],
    ['5 others do as well with some seeds.'],
  ]);
});
