import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { oneHot, rnnBackward } from '../../src/bptt/rnn.ts';

const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8');
const page = read('../../../../docs/bptt.md');
const code = read('../../src/bptt/rnn.ts');

test('The page and the code number the same equations', () => {
  const numbers = (text: string, pattern: RegExp) =>
    [...text.matchAll(pattern)].map(([, number]) => Number(number)).sort((a, b) => a - b);
  const all = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11];
  expect(numbers(page, /^\((\d+)\) /gm)).toEqual(all);
  expect(numbers(code, /\/\/ +\((\d+)\) /g)).toEqual(all);
});

test('The example of the page runs and gives the numbers printed there', () => {
  const block = /```ts\nimport .*\n((?:.*\n)*?)```/.exec(page)![1]!;
  const run = new Function('oneHot', 'rnnBackward', `${block}; return { loss, gradients, dhs };`);
  const { loss, gradients, dhs } = run(oneHot, rnnBackward) as ReturnType<typeof rnnBackward>;
  const rounded = (xs: number[]) => xs.map((x) => Number(x.toFixed(4))).join(', ');
  expect(block).toContain(` ${rounded([loss])}\n`);
  expect(block).toContain(`[${gradients.Whh.map((row) => `[${rounded(row)}]`).join(', ')}]`);
  expect(block).toContain(`[${rounded(dhs.map(([dh]) => Math.hypot(...dh!)))}]`);
});
