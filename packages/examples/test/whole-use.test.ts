import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8');

test("The README's program equals src/whole-use.ts", () => {
  const block = /<!-- use -->\n```ts\n(.*?)```\n<!-- \/use -->/s.exec(read('../../../README.md'))?.[1];
  expect(block).toBe(read('../src/whole-use.ts'));
});

test("The README's program runs, and its loss falls", () => {
  const folder = mkdtempSync(join(tmpdir(), 'chronograd-use-'));
  try {
    writeFileSync(
      join(folder, 'book.txt'),
      'It was the best of times, it was the worst of times. '.repeat(200),
    );
    const program = fileURLToPath(new URL('../dist/whole-use.js', import.meta.url));
    const printed = execFileSync(process.execPath, [program], { cwd: folder, encoding: 'utf8' });
    const losses = printed
      .trim()
      .split('\n')
      .map((line) => Number(line.split(' ')[1]));
    expect(losses).toHaveLength(4);
    expect(losses[0]).toBeGreaterThan(2);
    expect(losses[3]).toBeLessThan(0.2);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
