/** Tests in Node. Those in browsers have the name of a project: `vitest --project browser`. */
import { defineConfig } from 'vitest/config';

// biome-ignore lint/style/noDefaultExport: vitest reads it
export default defineConfig({
  resolve: { conditions: ['@chronograd/source'] },
  ssr: { resolve: { conditions: ['@chronograd/source'] } },
  test: {
    testTimeout: 300_000,
    hookTimeout: 60_000,
    projects: [
      {
        extends: true,
        test: { name: 'node', include: ['test/**/*.test.ts'], exclude: ['test/browser/**', 'test/site/**'] },
      },
      { extends: true, test: { name: 'site', include: ['test/site/**/*.test.ts'] } },
      {
        extends: true,
        test: { name: 'browser', include: ['test/browser/**/*.test.ts'], fileParallelism: false },
      },
    ],
  },
});
