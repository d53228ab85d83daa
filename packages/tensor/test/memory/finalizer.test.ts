import { expect, test } from 'vitest';
import { child } from './child.ts';

test('An unreachable parameter frees its block and its packed forms', () => {
  const report = child('finalizer.mjs', ['--expose-gc']) as Record<string, number | boolean>;
  expect(report).toMatchObject({ before: 2, made: 402, after: 2, grown: 0, intact: true });
});

test('Of eighty models with a plan each, one after another, only a few at a time take memory, without being disposed', () => {
  const { most, one, heapBytes } = child('dropped-plans.mjs') as Record<string, number>;
  expect(one).toBeGreaterThan(2 ** 24);
  expect(most).toBeLessThan(18);
  expect(heapBytes).toBeLessThan(30 * one!);
});
