import { readFileSync } from 'node:fs';
import * as autograd from '@chronograd/autograd';
import * as tensor from '@chronograd/tensor';
import { expect, test } from 'vitest';
import * as data from '../../../src/data/index.ts';
import { SAVE_AS_SAFETENSORS } from '../../../src/formats/exchange/torch-file.ts';
import * as npy from '../../../src/formats/npy/index.ts';
import * as safetensors from '../../../src/formats/safetensors/index.ts';
import * as nn from '../../../src/index.ts';

const page = readFileSync(new URL('../../../../../docs/pytorch.md', import.meta.url), 'utf8');
const packages: Record<string, object> = {
  '@chronograd/nn': nn,
  '@chronograd/nn/npy': npy,
  '@chronograd/nn/safetensors': safetensors,
  '@chronograd/tensor': tensor,
};

test('The code of docs/pytorch.md runs, and prints what the page shows', () => {
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

test('All that the page has for the calls of a training loop in PyTorch exists', () => {
  const [, table] = /## The training loop\n(.*?)\n## /s.exec(page)!;
  const ours = table!.split('\n').flatMap((row) => row.split(' | ').slice(1));
  const called = ours.flatMap((cell) => [...cell.matchAll(/(\w+)(\(|`)/g)].map(([, name]) => name!));
  const functions = new Set([nn, tensor, autograd, data].flatMap((each) => Object.keys(each)));
  const lstm = new nn.LSTM(1, 1, { random: new tensor.Random(1) });
  const objects = [tensor.zeros([1]), lstm, new nn.Adam(lstm)];
  const known = (name: string) => functions.has(name) || objects.some((object) => name in object);
  const variables = ['loss', 'random', 'biases', 'data', 'length', 'at'];
  expect([...new Set(called)].filter((name) => !known(name) && !variables.includes(name))).toEqual([]);
  expect(called.length).toBeGreaterThan(20);
});

test('The page has the two lines of Python that the error has', () => {
  expect(page).toContain(`\`\`\`python\n${SAVE_AS_SAFETENSORS}\n\`\`\``);
});
