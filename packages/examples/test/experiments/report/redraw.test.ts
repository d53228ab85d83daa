import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { ResultsFolder } from '../../../src/experiments/common/results.ts';
import { runExperiments, runPart } from '../../../src/experiments/common/runner.ts';
import { manualGradients } from '../../../src/experiments/manual-gradients.ts';
import { newFolder } from '../../char-rnn/folder.ts';

const PROGRAM = fileURLToPath(new URL('../../../dist/experiments/report.js', import.meta.url));
const redraw = (out: string): Promise<{ stdout: string }> =>
  promisify(execFile)(process.execPath, [PROGRAM, '--redraw', '--out', out]);

test('report --redraw draws what another machine computed, says with what, and runs nothing', async () => {
  const out = newFolder();
  const folder = new ResultsFolder(join(out, 'results'));
  const elsewhere = {
    version: '9.8.7',
    commit: null,
    runtime: 'node v99.1.0',
    kernels: 'reference',
    processor: 'another processor',
    threads: 64,
  };
  const execute = async ({ config }: { config: unknown }) => runPart(manualGradients, config);
  await runExperiments([manualGradients], 'tiny', execute, (results) => folder.write(results, elsewhere));
  const files = (): string[] =>
    readdirSync(folder.path).map((name) => readFileSync(join(folder.path, name), 'utf8'));
  const before = files();

  await redraw(out);
  expect(files()).toEqual(before);
  expect(readFileSync(join(out, 'index.html'), 'utf8')).toMatch(
    /budget “tiny”.*Chronograd 9\.8\.7; node v99\.1\.0, reference kernels.*another processor, 64 threads/,
  );
  const drawn = readdirSync(join(out, 'plots'));
  for (const end of ['light.svg', 'light.png', 'dark.svg', 'dark.png'])
    expect(drawn).toContain(`manual-gradients-steps.${end}`);
});

test('report --redraw says where there is nothing to draw', async () => {
  const out = newFolder();
  await expect(redraw(out)).rejects.toThrow(/--redraw: no results in .*: run report without it first/);
  expect(existsSync(join(out, 'index.html'))).toBe(false);
});
