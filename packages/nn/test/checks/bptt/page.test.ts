import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import * as nn from '../../../src/index.ts';

const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8');
const page = read('../../../../../docs/bptt.md');
const [rnnBlock, lstmBlock] = [...page.matchAll(/```ts\n(.*?)```/gs)].map(([, code]) => code!);

const range = (first: number, last: number) => Array.from({ length: last - first + 1 }, (_, k) => first + k);
/**
 * (3) and (6) to (8) are the output layer's, which all three have; (4) and (5) are code that they
 * share.
 */
const files = {
  rnn: range(1, 11),
  lstm: [3, 6, 7, 8, ...range(12, 20)],
  gru: [3, 6, 7, 8, ...range(21, 33)],
};

/**
 * Runs a block of the page, its imports taken from the package, and gives what `result` then is.
 */
function run<Result>(block: string, result: string): Result {
  const [, names, code] = /^import \{ (.*) \} from '@chronograd\/nn';\n(.*)$/s.exec(block)!;
  const imported = names!.split(', ').map((name) => name.split(' as '));
  const values = imported.map(([name]) => (nn as Record<string, unknown>)[name!]);
  const body = new Function(...imported.map((parts) => parts.at(-1)!), `${code}; return ${result};`);
  return body(...values) as Result;
}

test('The page and the code number the same equations', () => {
  const numbers = (text: string, pattern: RegExp) =>
    [...text.matchAll(pattern)].map(([, number]) => Number(number)).sort((a, b) => a - b);
  expect(numbers(page, /^\((\d+)\) /gm)).toEqual(range(1, 33));
  for (const [name, wanted] of Object.entries(files))
    expect(numbers(read(`../../../src/checks/bptt/${name}.ts`), /\/\/ +\((\d+)\) /g), name).toEqual(wanted);
});

test('The handwritten files import nothing but one another', () => {
  for (const name of ['plain', ...Object.keys(files)]) {
    const imports = [...read(`../../../src/checks/bptt/${name}.ts`).matchAll(/ from '(.*)'/g)].map(
      ([, from]) => from,
    );
    expect(imports.filter((from) => from !== './plain.ts' && from !== './rnn.ts')).toEqual([]);
  }
});

test('The example of the page runs and gives the numbers printed there', () => {
  const { loss, gradients, dhs } = run<nn.RnnBackward>(rnnBlock!, '{ loss, gradients, dhs }');
  const rounded = (xs: number[]) => xs.map((x) => Number(x.toFixed(4))).join(', ');
  expect(rnnBlock).toContain(` ${rounded([loss])}\n`);
  expect(rnnBlock).toContain(`[${gradients.Whh.map((row) => `[${rounded(row)}]`).join(', ')}]`);
  expect(rnnBlock).toContain(`[${rounded(dhs.map(([dh]) => Math.hypot(...dh!)))}]`);
});

test('What the page says of the forget bias is so', () => {
  const reached = run<number[][][]>(lstmBlock!, 'reached').map((c0) => c0.map((row) => row.map(Number)));
  const shown = reached.map((c0) => `[[${c0.flat().map((g) => g.toExponential(1))}]]`).join(', ');
  expect(lstmBlock).toContain(`reached; // [${shown}]`);
});
