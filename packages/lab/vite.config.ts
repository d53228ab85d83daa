/** Builds the page into `dist`. Paths are relative: any host serves it from any folder. */
import { defineConfig } from 'vite';

// biome-ignore lint/style/noDefaultExport: Vite reads it
export default defineConfig({
  base: './',
  build: { target: 'es2022', outDir: 'dist', chunkSizeWarningLimit: 1000 },
  // One file, which the sandbox starts from its text.
  worker: { format: 'es', rolldownOptions: { output: { codeSplitting: false } } },
});
