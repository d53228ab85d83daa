import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import type * as corpora from '../../src/char-rnn/corpora.ts';
import { setUpRun } from '../../src/char-rnn/run-setup.ts';
import { readRun, saveRun } from '../../src/char-rnn/saved-run.ts';
import { newFolder } from './folder.ts';
import { steps, tinyText, tinyTrainer } from './tiny.ts';

/** What another process does between the reading of a run and the lock on its folder. */
let meanwhile = (): void => {};
vi.mock('../../src/char-rnn/corpora.ts', async (original) => ({
  ...(await original<typeof corpora>()),
  loadCorpus: () => {
    meanwhile();
    return { name: 'tiny', text: tinyText };
  },
}));

test('A run that another training saved while it was read is not gone on with: what was saved would be lost', () => {
  const folder = join(newFolder(), 'model');
  const other = tinyTrainer();
  steps(other, 3);
  saveRun(folder, other);
  meanwhile = () => {
    steps(other, 2);
    saveRun(folder, other);
  };
  expect(() => setUpRun({ given: {}, resume: folder })).toThrow(
    '--resume: another training has just saved into',
  );
  meanwhile = () => {};
  expect(readRun(folder).state.iteration).toBe(5);
});
