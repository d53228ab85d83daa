import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readRun } from '../../src/char-rnn/saved-run.ts';
import { newFolder } from './folder.ts';
import { runProgram } from './process.ts';
import { tinyText } from './tiny.ts';

const FLAGS =
  '--cell lstm --layers 2 --dropout 0.1 --hidden 9 --steps 7 --batch 7 --shards 3 --kernels strict --sample-every 20 --sample-length 20 --json';

/** Trains the tiny text into a folder, or continues there. */
function train(folder: string, name: string, more: string, watch = {}) {
  const text = join(folder, 'tiny.txt');
  const model = join(folder, name);
  const begin = more.includes('--resume')
    ? [more.replace('--resume', `--resume ${model}`)]
    : [`--text ${text} --save ${model}`, FLAGS, more];
  return runProgram('train', begin.join(' ').split(' '), watch);
}

/** The files of a saved run, byte for byte. */
const bytesOf = (folder: string): [string, string][] =>
  readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'latin1')]);

function newText(): string {
  const folder = newFolder();
  writeFileSync(join(folder, 'tiny.txt'), tinyText);
  return folder;
}

test('The files of a run are the same, byte for byte, with 1, 2 and 3 workers, and after resuming on another number', async () => {
  const folder = newText();
  const whole = train(folder, 'whole', '--iterations 60');
  await train(folder, 'cut', '--iterations 20 --workers 3');
  await train(folder, 'cut', '--resume --iterations 35 --workers 2 --json');
  expect(await train(folder, 'cut', '--resume --iterations 60 --json')).toMatchObject({ code: 0, err: '' });
  expect(await train(folder, 'two', '--iterations 60 --workers 2')).toMatchObject({ code: 0, err: '' });
  expect(await whole).toMatchObject({ code: 0, err: '' });
  const expected = bytesOf(join(folder, 'whole'));
  expect(bytesOf(join(folder, 'two'))).toEqual(expected);
  expect(bytesOf(join(folder, 'cut'))).toEqual(expected);
});

test('After SIGINT a run with workers is saved, ends with 130, and continues without them', async () => {
  const folder = newText();
  let sent = false;
  const stopped = await train(folder, 'model', '--iterations 1000000 --workers 2', {
    watch: (line: string, child: { kill(signal: string): void }) => {
      if (sent || !line.startsWith('{"event":"step"')) return;
      sent = true;
      child.kill('SIGINT');
    },
  });
  expect(stopped).toMatchObject({ code: 130, err: '' });
  const { iteration } = readRun(join(folder, 'model')).state;
  await train(folder, 'model', `--resume --iterations ${iteration + 15} --json`);
  await train(folder, 'whole', `--iterations ${iteration + 15}`);
  expect(bytesOf(join(folder, 'model'))).toEqual(bytesOf(join(folder, 'whole')));
});
