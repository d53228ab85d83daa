import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));

test('docs/speed.svg is what batch-figure.mjs draws from the newest results', () => {
  const drawn = execFileSync(process.execPath, [path('../batch-figure.mjs'), '--print'], {
    encoding: 'utf8',
  });
  expect(drawn).toBe(readFileSync(path('../../docs/speed.svg'), 'utf8'));
  for (const line of ['Chronograd', 'JAX', 'PyTorch', 'RNN', 'LSTM', 'GRU']) expect(drawn).toContain(line);
});
