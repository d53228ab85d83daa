import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

/** Runs a file of the repository in a Node that takes itself for another version. */
function runIn(version: string, file: string) {
  const pretend = `Object.defineProperty(process, 'versions', { value: { node: '${version}' } })`;
  const path = fileURLToPath(new URL(`../../../${file}`, import.meta.url));
  const args = ['--import', `data:text/javascript,${encodeURIComponent(pretend)}`, path, '--help'];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  return { status, out: stdout, err: stderr };
}

const PROGRAMS = [
  'scripts/build.mjs',
  'scripts/packcheck.mjs',
  'scripts/planted-bugs.mjs',
  'scripts/browser-test.mjs',
  'packages/examples/dist/char-rnn/train.js',
  'packages/examples/dist/char-rnn/sample.js',
  'packages/examples/dist/experiments/report.js',
  'packages/examples/dist/lessons/lesson.js',
];
const refusal = (version: string) => ({
  status: 1,
  out: '',
  err: `Expected Node >=20.19, got ${version}; install a newer one from https://nodejs.org\n`,
});

test.each(PROGRAMS)('In Node 18 %s says in one line which Node is needed', (program) => {
  expect(runIn('18.20.8', program)).toEqual(refusal('18.20.8'));
});

test.each(['20.18.3', '19.99.0', '9.0.0'])('Node %s will not do', (version) => {
  expect(runIn(version, 'scripts/node-version.mjs')).toEqual(refusal(version));
});

test.each(['20.19.0', '21.0.0', '22.11.0', '24.0.0', '26.3.1', '100.0.0'])('Node %s will do', (version) => {
  expect(runIn(version, 'scripts/node-version.mjs')).toEqual({ status: 0, out: '', err: '' });
});
