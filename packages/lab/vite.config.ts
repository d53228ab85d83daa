/** Builds the page into `dist`. Paths are relative: any host serves it from any folder. */
import { defineConfig, type Plugin } from 'vite';
import { printSizes } from './scripts/sizes.mjs';
import { typeFiles } from './scripts/types.mjs';

/** Adds the declarations for the editor's types, and prints the sizes. */
const types: Plugin = {
  name: 'types',
  generateBundle() {
    this.emitFile({ type: 'asset', fileName: 'types.json', source: JSON.stringify(typeFiles()) });
  },
  writeBundle: ({ dir }) => printSizes(dir!),
};

// biome-ignore lint/style/noDefaultExport: Vite reads it
export default defineConfig({
  base: './',
  plugins: [types],
  build: { target: 'es2022', outDir: 'dist', chunkSizeWarningLimit: 4000, reportCompressedSize: false },
  // One file, which the sandbox starts from its text. Programs and lessons print names of classes.
  worker: { format: 'es', rolldownOptions: { output: { codeSplitting: false, keepNames: true } } },
});
