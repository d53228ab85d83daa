import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { newFolder } from '../../char-rnn/folder.ts';

const PROGRAM = fileURLToPath(new URL('../../../dist/experiments/report.js', import.meta.url));

test('Ctrl-C ends a run with the code of the signal, and says what is kept and how to go on', async () => {
  const out = join(newFolder(), 'report');
  // Parts begin in the order of the report: when the first experiment has ended, the last one has
  // seconds before it.
  const child = spawn(process.execPath, [
    PROGRAM,
    '--tiny',
    '--only',
    'training,architectures,memory',
    '--out',
    out,
  ]);
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => {
    if (chunk.toString().includes('training')) child.kill('SIGINT');
  });
  child.stderr.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  const code = await new Promise((resolve) => child.on('close', resolve));
  expect(code).toBe(130);
  expect(said).toContain('results: training; continue with: report --tiny --only architectures,memory --out');
  expect(readdirSync(join(out, 'results')).sort()).toEqual([
    'made-with.json',
    'timings.json',
    'training.json',
  ]);
});
