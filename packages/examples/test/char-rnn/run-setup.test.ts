import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { setUpRun } from '../../src/char-rnn/run-setup.ts';
import { readRun, saveRun } from '../../src/char-rnn/saved-run.ts';
import type * as trainingText from '../../src/char-rnn/training-text.ts';
import { newFolder } from './folder.ts';
import { steps, tinyText, tinyTrainer } from './tiny.ts';

/** What another process does between the reading of a run and the lock on its folder. */
let meanwhile = async (): Promise<void> => {};
vi.mock('../../src/char-rnn/training-text.ts', async (original) => {
  const module = await original<typeof trainingText>();
  const readText: typeof module.readText = async (_, splits) => {
    await meanwhile();
    return module.prepareText({ name: 'tiny', text: tinyText }, splits);
  };
  return { ...module, readText };
});

test('A run that another training saved while it was read is not gone on with: what was saved would be lost', async () => {
  const folder = join(newFolder(), 'model');
  const other = tinyTrainer();
  await steps(other, 3);
  saveRun(folder, other);
  meanwhile = async () => {
    await steps(other, 2);
    saveRun(folder, other);
  };
  await expect(setUpRun({ given: {}, resume: folder }, {})).rejects.toThrow(
    '--resume: another training has just saved into',
  );
  meanwhile = async () => {};
  expect(readRun(folder).state.iteration).toBe(5);
});
