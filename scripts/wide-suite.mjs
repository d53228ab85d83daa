/**
 * Runs the laws of ops, rules, cells and BPTT, and the comparisons with PyTorch, with wide kernels:
 *
 *   node scripts/wide-suite.mjs [24 26] [-- FILE …]
 *
 * Default: Node 24 and 26, all files below. Fails where wide kernels are not available.
 */
import './node-version.mjs';
import { spawnSync } from 'node:child_process';

const TESTS = [
  'packages/tensor/test/ops',
  'packages/tensor/test/kernels',
  'packages/autograd/test',
  'packages/nn/test/cells',
  'packages/nn/test/checks',
  'packages/nn/test/golden',
  'packages/nn/test/loss',
  'packages/nn/test/modules',
  'packages/nn/test/optim',
  'packages/nn/test/recurrent',
];

/** Files that need strict kernels, and why. */
const STRICT = [
  'packages/tensor/test/ops/empty.test.ts', // ends with strict kernels, after all builds
  'packages/nn/test/checks/testing/page.test.ts', // digits that a page of docs prints
  'packages/nn/test/checks/testing/mistakes.test.ts', // finds a mistake by its bits
];

const words = process.argv.slice(2);
const versions = words.filter((word) => /^\d+$/.test(word));
const files = words.filter((word) => !/^\d+$|^--$/.test(word));
let failed = false;
for (const version of versions.length > 0 ? versions : ['24', '26']) {
  console.log(`Node ${version}, wide kernels`);
  const args = ['node_modules/vitest/vitest.mjs', 'run', ...(files.length > 0 ? files : TESTS)];
  for (const file of STRICT) args.push('--exclude', file);
  const env = { ...process.env, CHRONOGRAD_TEST_KERNELS: 'wide' };
  const { status } = spawnSync('npx', ['-y', '-p', `node@${version}`, '--', 'node', ...args], {
    stdio: 'inherit',
    env,
    shell: process.platform === 'win32',
  });
  failed ||= status !== 0;
}
if (failed) process.exitCode = 1;
