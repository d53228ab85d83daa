import { readFileSync } from 'node:fs';
import * as tensor from '@chronograd/tensor';
import { expect, test } from 'vitest';
import * as data from '../../src/data/index.ts';
import * as nn from '../../src/index.ts';
import * as training from '../../src/training/index.ts';

const page = readFileSync(new URL('../../../../docs/training.md', import.meta.url), 'utf8');
const code = [...page.matchAll(/```ts\n(.*?)```/gs)].map(([, block]) => block!).join('');
const packages: Readonly<Record<string, object>> = {
  '@chronograd/nn': nn,
  '@chronograd/nn/data': data,
  '@chronograd/nn/training': training,
  '@chronograd/tensor': tensor,
};

test('docs/training.md: its blocks run unchanged one after another, and print what they say', async () => {
  const imported: Record<string, unknown> = {};
  const body = code.replace(/import \{ (.*?) \} from '(.*?)';\n/g, (_, names: string, from: string) => {
    for (const name of names.split(', ')) imported[name] = (packages[from] as Record<string, unknown>)[name];
    return '';
  });
  const printed: string[] = [];
  const console = { log: (...values: unknown[]) => printed.push(values.map(String).join(' ')) };
  const run = new Function('console', ...Object.keys(imported), `return (async () => {${body}})()`);
  await run(console, ...Object.values(imported));
  const promised = [...code.matchAll(/^(?:.*console\.log\(.*\); )?\/\/ (\S.*)$/gm)].map(
    ([, comment]) => comment!,
  );
  expect(printed).toEqual(promised);
});
