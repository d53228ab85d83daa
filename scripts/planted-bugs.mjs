/**
 * Plants mistakes and sees that the tests catch them. Each patch in `planted-bugs/` is one mistake that real libraries have made or might
 * make; its head names the tests that must fail. A patch that no longer applies, or whose tests pass, fails the run.
 *
 *   node scripts/planted-bugs.mjs [part of a name …]
 */
import './node-version.mjs';
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
} from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const patches = join(root, 'scripts/planted-bugs');
const wanted = process.argv.slice(2);
const names = readdirSync(patches)
  .filter(
    (name) => name.endsWith('.patch') && (wanted.length === 0 || wanted.some((part) => name.includes(part))),
  )
  .sort();

const isSource = (file) =>
  file !== '' && !file.startsWith('scripts/planted-bugs/') && existsSync(join(root, file));

/** A copy of the files that git tracks or would track, with the packages that are installed here. */
function copyOfTree() {
  const copy = mkdtempSync(join(tmpdir(), 'chronograd-planted-'));
  const files = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
  }).split('\0');
  for (const file of files.filter(isSource)) {
    mkdirSync(dirname(join(copy, file)), { recursive: true });
    cpSync(join(root, file), join(copy, file));
  }
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
  const parts = readdirSync(join(root, 'packages')).map((name) => join('packages', name));
  for (const part of [...parts, 'bench']) {
    cpSync(join(root, part, 'node_modules'), join(copy, part, 'node_modules'), {
      recursive: true,
      verbatimSymlinks: true,
    });
  }
  // Some tests run the built packages in processes of their own; what is planted is seen by those that read the sources.
  execFileSync(process.execPath, [join(copy, 'scripts/build.mjs')], { cwd: copy });
  return copy;
}

/** Runs tests in a copy; resolves to whether some failed, and their output. */
function testsFail(copy, tests) {
  const vitest = join(root, 'node_modules/vitest/vitest.mjs');
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [vitest, 'run', '--root', copy, '--bail', '1', '--reporter', 'json', ...tests],
      { cwd: copy, timeout: 240_000, maxBuffer: 1 << 28 },
      (error, stdout) => {
        const report = /\{.*"numTotalTestSuites".*/s.exec(stdout);
        const counts = report === null ? null : JSON.parse(report[0]);
        resolve({
          ran: counts !== null && counts.numTotalTests > 0,
          failed: counts?.numFailedTests ?? 0,
          error,
        });
      },
    );
  });
}

async function plant(copy, name) {
  const text = readFileSync(join(patches, name), 'utf8');
  const mistake = /^Mistake: (.*)$/m.exec(text)?.[1] ?? '';
  const tests = /^Caught by: (.*)$/m.exec(text)?.[1].split(' ') ?? [];
  try {
    execFileSync('git', ['apply', join(patches, name)], { cwd: copy, stdio: 'pipe' });
  } catch (error) {
    return { name, mistake, verdict: `does not apply: ${String(error.stderr).trim().split('\n')[0]}` };
  }
  const { ran, failed } = await testsFail(copy, tests);
  execFileSync('git', ['apply', '--reverse', join(patches, name)], { cwd: copy, stdio: 'pipe' });
  return { name, mistake, verdict: !ran ? 'no test ran' : failed > 0 ? 'caught' : 'NOT CAUGHT' };
}

/** The tests that the patches name must pass where nothing is planted: only then does their failure mean anything. */
async function control(copy) {
  const tests = new Set(
    names.flatMap((name) =>
      /^Caught by: (.*)$/m.exec(readFileSync(join(patches, name), 'utf8'))[1].split(' '),
    ),
  );
  const { ran, failed } = await testsFail(copy, [...tests]);
  if (ran && failed === 0) return;
  console.error('The tests already fail, or do not run, without any planted mistake: mend them first.');
  process.exit(1);
}

const waiting = [...names];
const results = [];
let controlled;
/** The control runs once, and nobody plants before it is done. */
const checked = (copy) => {
  controlled ??= control(copy);
  return controlled;
};
await Promise.all(
  Array.from({ length: Math.min(availableParallelism(), 2, names.length) }, async () => {
    const copy = copyOfTree();
    try {
      await checked(copy);
      for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
        const result = await plant(copy, name);
        results.push(result);
        console.log(`${result.verdict.padEnd(10)}  ${name.replace('.patch', '')}: ${result.mistake}`);
      }
    } finally {
      rmSync(copy, { recursive: true, force: true });
    }
  }),
);
const caught = results.filter(({ verdict }) => verdict === 'caught').length;
console.log(`${caught} of ${names.length} planted mistakes caught.`);
process.exitCode = caught === names.length ? 0 : 1;
