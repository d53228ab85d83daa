import { readFileSync } from 'node:fs';
import * as autograd from '@chronograd/autograd';
import * as tensor from '@chronograd/tensor';
import { expect, test } from 'vitest';
import * as nn from '../../src/index.ts';
import * as probe from '../../src/probe/index.ts';

const page = readFileSync(new URL('../../../../docs/probes.md', import.meta.url), 'utf8');
const code = [...page.matchAll(/```ts\n(.*?)```/gs)].map(([, block]) => block!).join('');
const packages: Readonly<Record<string, object>> = {
  '@chronograd/autograd': autograd,
  '@chronograd/nn': nn,
  '@chronograd/nn/probe': probe,
  '@chronograd/tensor': tensor,
};

const show = (value: unknown): string => (Array.isArray(value) ? `[ ${value.join(', ')} ]` : String(value));

test('docs/probes.md shows the table that a summary prints', () => {
  const options = { random: new tensor.Random(1), dtype: 'float64' } as const;
  const recurrent = new nn.Recurrent(new nn.LSTMCell(3, 8, options));
  const run = () => recurrent.forward(tensor.zeros([20, 4, 3], options));
  const [, table] = /<!-- summary -->\n```\n(.*?)\n```/s.exec(page)!;
  expect(table).toBe(String(probe.summary(recurrent, run)));
});

test('docs/probes.md: its blocks run unchanged one after another, and print what they say', () => {
  const imported: Record<string, unknown> = {};
  const body = code.replace(/import \{ (.*?) \} from '(.*?)';\n/g, (_, names: string, from: string) => {
    for (const name of names.split(', ')) imported[name] = (packages[from] as Record<string, unknown>)[name];
    return '';
  });
  const printed: string[] = [];
  const console = { log: (value: unknown) => printed.push(show(value)) };
  new Function('console', ...Object.keys(imported), body)(console, ...Object.values(imported));
  const promised = [...code.matchAll(/console\.log\(.*\); \/\/ (.*)/g)].map(([, comment]) => comment!);
  expect(promised.length).toBeGreaterThan(10);
  expect(printed).toEqual(promised);
});
