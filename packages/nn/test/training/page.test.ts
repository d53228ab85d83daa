import { expect, test } from 'vitest';
import { runPage } from '../page.ts';

test('docs/training.md: its blocks run unchanged one after another, and print what they say', async () => {
  const { printed, promised } = await runPage('training.md');
  expect(promised.length).toBeGreaterThan(6);
  expect(printed).toEqual(promised);
});
