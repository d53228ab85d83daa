import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../../../../', import.meta.url));
const folders = ['docs', 'docs/lessons', 'packages/examples/src/cells', 'packages/nn/src/cells'];
const files = folders.flatMap((folder) =>
  readdirSync(root + folder)
    .filter((name) => /\.(md|ts)$/.test(name) && name !== 'cell.ts')
    .map((name) => `${folder}/${name}`),
);
files.push('README.md', 'packages/examples/src/own-cell.ts');

test('Cells that people read take their first state from zeroState: no dtype is passed on, and no `!` is needed', () => {
  expect(files.length).toBeGreaterThan(20);
  const bodies = files.flatMap((file) => {
    const found = readFileSync(root + file, 'utf8').matchAll(
      / initialState\(batch: number\): \w+ \{.*?\n {2}\}/gs,
    );
    return [...found].map(([body]) => ({ file, body }));
  });
  expect(bodies.length).toBeGreaterThanOrEqual(14);
  expect(bodies.filter(({ body }) => !body.includes('zeroState') || /\w!|dtype/.test(body))).toEqual([]);
});
