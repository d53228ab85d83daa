import { defineConfig } from 'vitest/config';

// Packages read one another's source through the export condition "@chronograd/source": tests need no build.
export default defineConfig({
  resolve: { conditions: ['@chronograd/source'] },
  ssr: { resolve: { conditions: ['@chronograd/source'] } },
  test: {
    include: ['packages/*/test/**/*.test.ts', 'bench/test/**/*.test.ts'],
    setupFiles: ['./vitest.setup.ts'],
    testTimeout: 60_000,
    maxWorkers: '100%', // by itself it leaves one core idle, which is half of two
    reporters: ['default'],
  },
});
