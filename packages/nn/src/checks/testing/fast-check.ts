/** fast-check, an optional peer dependency. If it is missing, the error says how to install it. */
import { ChronogradError } from '@chronograd/tensor';
import type FastCheck from 'fast-check';

export const fc: typeof FastCheck = (
  await import('fast-check').catch((cause: unknown): never => {
    throw Object.assign(
      new ChronogradError(
        "@chronograd/nn/testing: expected the package fast-check beside it, which cannot be loaded; 'npm install --save-dev fast-check@4' adds it",
      ),
      { cause },
    );
  })
).default;
