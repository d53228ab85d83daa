import { defineConfig } from 'vitest/config';

// Packages import one another's source through the export condition "@chronograd/source". Only
// tests that start programs, such as packages/examples/test/whole-use.test.ts, need a build.
export default defineConfig({
  resolve: { conditions: ['@chronograd/source'] },
  ssr: { resolve: { conditions: ['@chronograd/source'] } },
  test: {
    include: ['packages/*/test/**/*.test.ts', 'bench/test/**/*.test.ts'],
    setupFiles: ['./vitest.setup.ts'],
    testTimeout: 60_000,
    maxWorkers: '100%', // the default leaves one core idle, which is half of two
    reporters: ['default'],
  },
});
