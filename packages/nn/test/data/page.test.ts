import { expect, test } from 'vitest';
import { runPage } from '../page.ts';

test('docs/data.md: its blocks run unchanged one after another, and print what they say', async () => {
  const { printed, promised } = await runPage('data.md');
  expect(promised.length).toBeGreaterThan(10);
  expect(printed).toEqual(promised);
});
