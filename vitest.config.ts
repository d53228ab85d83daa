import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const root = fileURLToPath(new URL('.', import.meta.url));
// The lab has its own installation and its own command.
const packages = readdirSync(join(root, 'packages')).filter((name) => name !== 'lab');
const folders = [...packages.map((name) => `packages/${name}/test`), 'bench/test'];
const files = folders.flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => `${folder}/${name.replaceAll('\\', '/')}`),
);

/**
 * What a process has once: mocked and reloaded modules, spies and clocks, counts of living tensors
 * and plans, flags of the engine. A test file that uses any of it runs in a separate process.
 */
const ONCE =
  /\bvi\.|\bmemory\(\)|\.stats\b|setMemoryLimit|wrong-calls\/|loaded-in|relaxed-simd|setFlags|useWideKernels/;
const alone = files.filter(
  (file) => /tensor\/test\/(memory|plan)\//.test(file) || ONCE.test(readFileSync(join(root, file), 'utf8')),
);

// Packages import one another's source through the export condition "@chronograd/source". Only
// tests that start programs, such as packages/examples/test/whole-use.test.ts, need a build.
export default defineConfig({
  resolve: { conditions: ['@chronograd/source'] },
  ssr: { resolve: { conditions: ['@chronograd/source'] } },
  test: {
    setupFiles: ['./vitest.setup.ts'],
    testTimeout: 60_000,
    maxWorkers: '100%', // the default leaves one core idle, which is half of two
    reporters: ['default'],
    projects: [
      // Most files take less time than it takes to load the packages. They share loaded modules.
      {
        extends: true,
        test: {
          name: 'shared',
          include: files,
          exclude: alone,
          isolate: false,
          setupFiles: ['./vitest.shared.ts'],
        },
      },
      { extends: true, test: { name: 'alone', include: alone } },
    ],
  },
});
