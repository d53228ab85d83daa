import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../../../..', import.meta.url));

test('docs/parallel.md: its two files train, and one worker prints the same as two', async () => {
  const page = readFileSync(join(root, 'docs/parallel.md'), 'utf8');
  const files = [...page.matchAll(/```ts (\w+\.js)\n(.*?)```/gs)].map(([, name = '', code = '']) => ({
    name,
    code,
  }));
  expect(files.map(({ name }) => name)).toEqual(['replica.js', 'train.js']);
  const folder = mkdtempSync(join(tmpdir(), 'chronograd-parallel-'));
  try {
    symlinkSync(join(root, 'packages/examples/node_modules'), join(folder, 'node_modules'));
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
    for (const { name, code } of files) writeFileSync(join(folder, name), code);
    const run = async (): Promise<string> =>
      (await promisify(execFile)(process.execPath, [join(folder, 'train.js')])).stdout;
    const two = await run();
    const losses = two.trim().split('\n').map(Number);
    expect(losses.length).toBe(2);
    expect(losses[1]).toBeLessThan(0.5);
    const alone = (files.at(-1)?.code ?? '').replace('count: 2', 'count: 1');
    writeFileSync(join(folder, 'train.js'), alone);
    expect(await run()).toBe(two);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
