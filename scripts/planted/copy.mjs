/** A copy of the tree, in which mistakes are planted and tests run. */
import { execFile, execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { planted } from './mistakes.mjs';

const KERNELS = 'packages/tensor/kernels/';
const GENERATED = 'packages/tensor/src/kernels';

/**
 * A built copy of the files that git tracks or would track, with the packages installed in `root`.
 */
export function copyOf(root) {
  const copy = mkdtempSync(join(tmpdir(), 'chronograd-planted-'));
  const files = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
  }).split('\0');
  for (const file of files.filter((name) => name !== '' && existsSync(join(root, name)))) {
    mkdirSync(dirname(join(copy, file)), { recursive: true });
    cpSync(join(root, file), join(copy, file));
  }
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
  const parts = readdirSync(join(root, 'packages')).map((name) => join('packages', name));
  // The lab is not part of the workspace: it may not be installed.
  for (const part of [...parts, 'bench'].filter((name) => name !== join('packages', 'lab'))) {
    cpSync(join(root, part, 'node_modules'), join(copy, part, 'node_modules'), {
      recursive: true,
      verbatimSymlinks: true,
    });
  }
  // Some tests run the built packages in separate processes, without the mistake.
  execFileSync(process.execPath, [join(copy, 'scripts/build.mjs')], { cwd: copy });
  return copy;
}

export function remove(copy) {
  rmSync(copy, { recursive: true, force: true });
}

/** Runs test files in a copy. @returns the number of tests, and the titles of those that failed */
export function runTests(copy, tests) {
  const vitest = join(copy, 'node_modules/vitest/vitest.mjs');
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [vitest, 'run', '--root', copy, '--bail', '1', '--reporter', 'json', ...tests],
      { cwd: copy, timeout: 240_000, maxBuffer: 1 << 28 },
      (_error, stdout) => {
        const report = /\{.*"numTotalTestSuites".*/s.exec(stdout);
        const counts = report === null ? null : JSON.parse(report[0]);
        const results = (counts?.testResults ?? []).flatMap(({ assertionResults }) => assertionResults);
        const failed = results.filter(({ status }) => status === 'failed').map(({ title }) => title);
        resolve({ ran: counts?.numTotalTests ?? 0, failed });
      },
    );
  });
}

/** Plants a mistake in a copy, runs its test, and reverts it. @returns 'caught', or the problem */
export async function plant(copy, mistake) {
  const path = join(copy, mistake.file);
  const before = readFileSync(path, 'utf8');
  const compiled = mistake.file.startsWith(KERNELS);
  const generated = compiled ? generatedIn(copy) : [];
  writeFileSync(path, planted(before, mistake));
  try {
    if (compiled) await compileKernels(copy);
    const { ran, failed } = await runTests(copy, [mistake.test]);
    return ran === 0 ? 'no test ran' : failed.length > 0 ? 'caught' : 'NOT CAUGHT';
  } catch (error) {
    return `does not compile: ${error.message}`;
  } finally {
    writeFileSync(path, before);
    for (const { file, text } of generated) writeFileSync(file, text);
  }
}

function generatedIn(copy) {
  const folder = join(copy, GENERATED);
  const names = readdirSync(folder).filter((name) => name.endsWith('.generated.ts'));
  return names.map((name) => ({ file: join(folder, name), text: readFileSync(join(folder, name), 'utf8') }));
}

function compileKernels(copy) {
  const script = join(copy, 'packages/tensor/scripts/build-kernels.mjs');
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [script], { cwd: copy }, (error) =>
      error === null ? resolve() : reject(error),
    );
  });
}
