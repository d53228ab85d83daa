import { spawn } from 'node:child_process';
import { closeSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { readRun, saveRun } from '../../src/char-rnn/saved-run.ts';
import { newFolder } from '../char-rnn/folder.ts';
import type { Ended } from '../char-rnn/process.ts';
import { tinyText, tinyTrainer } from '../char-rnn/tiny.ts';

/** A folder with a text and a saved model in it. */
function tinyFolder(): string {
  const folder = newFolder();
  writeFileSync(join(folder, 'tiny.txt'), tinyText);
  saveRun(join(folder, 'model'), tinyTrainer({ source: { file: 'tiny.txt' } }));
  return folder;
}

/** A descriptor that every write to fails, as on a full disk. */
function unwritable(folder: string): number {
  const descriptor = openSync(join(folder, 'tiny.txt'), 'r');
  onTestFinished(() => closeSync(descriptor));
  return descriptor;
}

/** Runs a program whose output goes to `output`; no reader reads a `pipe`. */
function run(line: string, cwd: string, output: 'pipe' | number): Promise<Omit<Ended, 'out'>> {
  const [program = '', ...args] = line.split(' ');
  const file = fileURLToPath(new URL(`../../dist/${program}.js`, import.meta.url));
  const child = spawn(process.execPath, [file, ...args], { cwd, stdio: ['ignore', output, 'pipe'] });
  child.stdout?.destroy();
  return new Promise((resolve) => {
    let err = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      err += chunk.toString();
    });
    child.on('close', (code) => resolve({ code, err }));
  });
}

const TRAIN =
  'char-rnn/train --text tiny.txt --hidden 8 --steps 5 --batch 2 --iterations 1000000 --sample-every 20 --save new';

test.each([TRAIN, `${TRAIN} --json`, `${TRAIN} --plot`])(
  'A training whose reader goes away saves and ends with 0, and one whose output cannot be written saves and ends with 1: %s',
  async (line) => {
    const folder = tinyFolder();
    expect(await run(line, folder, 'pipe')).toEqual({ code: 0, err: '' });
    const { iteration } = readRun(join(folder, 'new')).state;
    expect(iteration).toBeGreaterThan(0);
    const { code, err } = await run(`${line} --seed 2`, folder, unwritable(folder));
    expect(code).toBe(1);
    expect(err).toMatch(/^error: cannot write standard output: [^\n]+\n$/);
    expect(readRun(join(folder, 'new')).configuration.seed).toBe(2);
    expect(readRun(join(folder, 'new/earlier-1')).state.iteration).toBe(iteration);
  },
);

test.each([
  'char-rnn/sample --from model --length 100000',
  'char-rnn/train --help',
  'char-rnn/sample --help',
  'lessons/lesson',
  'lessons/lesson 1',
  'lessons/lesson --help',
  'experiments/report --help',
  'check/check',
  'check/check --help',
])(
  'Output that goes away ends %s with 0, and output that cannot be written with 1 and a line',
  async (line) => {
    const folder = tinyFolder();
    expect(await run(line, folder, 'pipe')).toEqual({ code: 0, err: '' });
    expect(await run(line, folder, unwritable(folder))).toEqual({
      code: 1,
      err: expect.stringMatching(/^error: cannot write standard output: [^\n]+\n$/),
    });
  },
);

test('A report whose output goes away, or cannot be written, prints what is stored', async () => {
  const folder = tinyFolder();
  const line = 'experiments/report --tiny --only training,manual-gradients,memory --out report';
  const [gone, failed] = [await run(line, folder, 'pipe'), await run(line, folder, unwritable(folder))];
  expect(gone).toEqual({
    code: 0,
    err: expect.stringMatching(/^stopped: stored in [^\n]+; continue with: [^\n]+\n$/),
  });
  expect(failed).toEqual({
    code: 1,
    err: expect.stringMatching(/^stopped: cannot write standard output: [^;]+; stored in [^\n]+\n$/),
  });
});

test('Standard error that cannot be written costs neither the run nor its exit code', async () => {
  const folder = tinyFolder();
  const file = fileURLToPath(new URL('../../dist/char-rnn/train.js', import.meta.url));
  const child = spawn(process.execPath, [file, '--bad'], { stdio: ['ignore', 'ignore', unwritable(folder)] });
  expect(await new Promise((resolve) => child.on('close', resolve))).toBe(2);
});
