import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { makeDirectory } from '../../../src/cli/write-file.ts';
import type { Provenance } from '../../../src/experiments/common/provenance.ts';
import { ResultsFolder } from '../../../src/experiments/common/results.ts';
import { runExperiments, runPart } from '../../../src/experiments/common/runner.ts';
import { manualGradients } from '../../../src/experiments/manual-gradients/present.ts';
import { newFolder } from '../../char-rnn/folder.ts';

const PROGRAM = fileURLToPath(new URL('../../../dist/experiments/report.js', import.meta.url));
const redraw = (out: string): Promise<{ stdout: string; stderr: string }> =>
  promisify(execFile)(process.execPath, [PROGRAM, '--redraw', '--out', out]);

const elsewhere: Provenance = {
  version: '9.8.7',
  commit: null,
  runtime: 'node v99.1.0',
  kernels: 'reference',
  processor: 'another processor',
  threads: 64,
};

test('report --redraw draws what another machine computed, says with what, names what it cannot draw, and runs nothing', async () => {
  const out = newFolder();
  const folder = new ResultsFolder(join(out, 'results'));
  const execute = async ({ config }: { config: unknown }) => runPart(manualGradients, config);
  await runExperiments([manualGradients], 'tiny', execute, (results) => folder.write(results, elsewhere));
  const files = (): string[] =>
    readdirSync(folder.path).map((name) => readFileSync(join(folder.path, name), 'utf8'));
  const before = files();

  // Beside it, results of another version, and what a full disk left.
  const others = {
    'training.json': '{"experiment":"training","budget":"quick","parts":[{"config":{},"outcome":{}}]}',
    'memory.json': '{"experiment":"memory","budget":"qui',
  };
  for (const [name, text] of Object.entries(others)) writeFileSync(join(folder.path, name), text);
  const failed = await redraw(out).catch((error: unknown) => error);
  const { code, stderr } = failed as { readonly code?: number; readonly stderr: string };
  expect(code).toBe(1);
  const said = stderr.trim().split('\n');
  expect(said).toEqual([
    expect.stringMatching(
      /^left out: training: .*training\.json cannot be drawn: .*report --only training --out .* computes it again/,
    ),
    expect.stringMatching(/^left out: memory: .*memory\.json is incomplete.*report --only memory/),
  ]);

  for (const name of Object.keys(others)) rmSync(join(folder.path, name));
  expect(files()).toEqual(before);
  const html = readFileSync(join(out, 'index.html'), 'utf8');
  expect(html).toMatch(/Left out: .*training\.json.*\n.*Left out: .*memory\.json/);
  expect(html).toMatch(
    /Budget “tiny”.*Chronograd 9\.8\.7; node v99\.1\.0, reference kernels.*another processor, 64 threads/,
  );
  const drawn = readdirSync(join(out, 'plots'));
  for (const end of ['light.svg', 'light.png', 'dark.svg', 'dark.png'])
    expect(drawn).toContain(`manual-gradients-steps.${end}`);
});

test('report --redraw says where there is nothing to draw, and makes no folder', async () => {
  const out = join(newFolder(), 'typo');
  await expect(redraw(out)).rejects.toThrow(/--redraw: no results in .*: run report without --redraw first/);
  expect(existsSync(out)).toBe(false);
});

test('Control characters in result files reach no terminal', async () => {
  const out = newFolder();
  const { path } = new ResultsFolder(join(out, 'results'));
  makeDirectory(path);
  writeFileSync(
    join(path, 'training.json'),
    '{"experiment":"training","budget":"quick","parts":[{"config":{},"outcome":{}}]}',
  );
  const made = { ...elsewhere, commit: '\x1b[2J\x1b]0;title\x07\n', format: 1 };
  writeFileSync(join(path, 'made-with.json'), JSON.stringify({ training: made }));
  for (const more of [[], ['--debug']]) {
    const failed = await promisify(execFile)(process.execPath, [
      PROGRAM,
      '--redraw',
      '--out',
      out,
      ...more,
    ]).catch((error: unknown) => error);
    const { stdout, stderr } = failed as { readonly stdout: string; readonly stderr: string };
    expect(stderr).toContain('left out: training');
    expect(`${stdout}${stderr}`.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
  }
});
