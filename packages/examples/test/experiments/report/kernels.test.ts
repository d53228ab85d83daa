import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { newFolder } from '../../char-rnn/folder.ts';

const PROGRAM = fileURLToPath(new URL('../../../dist/experiments/report.js', import.meta.url));

test.each(['strict', 'reference'])(
  'report --kernels %s runs them in its threads, and stores their name',
  async (kernels) => {
    const out = newFolder();
    const flags = ['--tiny', '--only', 'manual-gradients', '--kernels', kernels, '--out', out];
    await promisify(execFile)(process.execPath, [PROGRAM, ...flags]);
    const made = JSON.parse(readFileSync(join(out, 'results', 'made-with.json'), 'utf8')) as unknown;
    expect(made).toMatchObject({ 'manual-gradients': { kernels } });
    expect(readFileSync(join(out, 'index.html'), 'utf8')).toContain(`${kernels} kernels`);
  },
);
