import { describe, expect, test } from 'vitest';
import { type Part, partsIn, totalOf, withPart } from '../../src/parallel/partial-sums.ts';
import { rangesOf } from '../../src/parallel/team.ts';

const add = (a: string, b: string): string => `(${a}+${b})`;

/** The sum of shards as text, as `workers` of them add it. */
function sumAmong(shards: number, workers: number): string {
  const sent = rangesOf(shards, workers).map(({ first, end }) => {
    let parts: readonly Part<string>[] = [];
    for (let shard = first; shard < end; shard++)
      parts = withPart(parts, { first: shard, size: 1, sum: String(shard) }, add);
    const expected = partsIn(first, end).map(({ first, size }) => ({ first, size }));
    expect(parts.map(({ first, size }) => ({ first, size }))).toEqual(expected);
    return parts;
  });
  let parts: readonly Part<string>[] = [];
  for (const part of sent.flat()) parts = withPart(parts, part, add);
  return totalOf(parts, add);
}

test('Shards are added in a tree', () => {
  expect(sumAmong(4, 1)).toBe('((0+1)+(2+3))');
  expect(sumAmong(6, 1)).toBe('(((0+1)+(2+3))+(4+5))');
  expect(sumAmong(7, 1)).toBe('(((0+1)+(2+3))+((4+5)+6))');
});

describe.each([1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 16])('Of %i shards', (shards) => {
  test('every number of workers adds in the same order', () => {
    const alone = sumAmong(shards, 1);
    for (let workers = 2; workers <= shards; workers++) expect(sumAmong(shards, workers)).toBe(alone);
  });

  test('each is in exactly one worker, and workers differ by at most one shard', () => {
    for (let workers = 1; workers <= shards; workers++) {
      const ranges = rangesOf(shards, workers);
      expect(ranges.map(({ first }) => first)).toEqual([0, ...ranges.slice(0, -1).map(({ end }) => end)]);
      expect(ranges.at(-1)?.end).toBe(shards);
      const sizes = ranges.map(({ first, end }) => end - first);
      expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
    }
  });
});
