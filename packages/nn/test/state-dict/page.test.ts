import { readFileSync } from 'node:fs';
import * as tensor from '@chronograd/tensor';
import { expect, test } from 'vitest';
import { SAVE_AS_SAFETENSORS } from '../../src/exchange/torch-file.ts';
import * as nn from '../../src/index.ts';
import * as npy from '../../src/npy/index.ts';
import * as safetensors from '../../src/safetensors/index.ts';

const page = readFileSync(new URL('../../../../docs/pytorch.md', import.meta.url), 'utf8');
const packages: Record<string, object> = {
  '@chronograd/nn': nn,
  '@chronograd/nn/npy': npy,
  '@chronograd/nn/safetensors': safetensors,
  '@chronograd/tensor': tensor,
};

test('The code of docs/pytorch.md runs, and prints what stands beside it', () => {
  const [, code] = /```ts\n(.*?)```/s.exec(page)!;
  const imported: Record<string, unknown> = {};
  const body = code!.replace(/import \{ (.*?) \} from '(.*?)';\n/g, (_, names: string, from: string) => {
    for (const name of names.split(', ')) imported[name] = (packages[from] as Record<string, unknown>)[name];
    return '';
  });
  const printed: string[] = [];
  const console = { log: (value: unknown) => printed.push(String(value)) };
  new Function('console', ...Object.keys(imported), body)(console, ...Object.values(imported));
  const promised = [...code!.matchAll(/console\.log\(.*\); \/\/ (.*)/g)].map(([, comment]) => comment);
  expect(promised).toHaveLength(3);
  expect(printed).toEqual(promised);
});

test('The page has the two lines of Python that the error has', () => {
  expect(page).toContain(`\`\`\`python\n${SAVE_AS_SAFETENSORS}\n\`\`\``);
});
