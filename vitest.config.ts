import { defineConfig } from 'vitest/config';

// Packages read one another's source through the export condition "source": tests need no build.
export default defineConfig({
  resolve: { conditions: ['source'] },
  ssr: { resolve: { conditions: ['source'] } },
  test: {
    include: ['packages/*/test/**/*.test.ts', 'bench/test/**/*.test.ts'],
    testTimeout: 60_000,
    reporters: ['default'],
  },
});
