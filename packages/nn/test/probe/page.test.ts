import { expect, test } from 'vitest';
import { runPage } from '../page.ts';

test('docs/probes.md: its blocks run unchanged one after another, and print what they say', () => {
  const { printed, promised } = runPage('probes.md');
  expect(promised.length).toBeGreaterThan(10);
  expect(printed).toEqual(promised);
});
