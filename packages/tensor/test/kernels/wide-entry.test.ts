import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { wideModule } from '../../src/kernels/wide.generated.ts';

const dist = fileURLToPath(new URL('../../dist', import.meta.url));

/** The text of a built file and of all files that it imports. */
function textOf(file: string, seen: Set<string> = new Set()): string {
  if (seen.has(file)) return '';
  seen.add(file);
  const text = readFileSync(file, 'utf8');
  const imported = [...text.matchAll(/(?:from|import) ?["'](\.[^"']+)["']/g)].map(([, path]) => path!);
  return text + imported.map((path) => textOf(join(dirname(file), path), seen)).join('');
}

test('Only the entry for Node contains the wide kernels and imports Node', () => {
  const host = /from ["']node:/;
  const node = textOf(join(dist, 'node.js'));
  expect([node.includes(wideModule), host.test(node)]).toEqual([true, true]);
  for (const entry of ['index.js', 'engine.js']) {
    const portable = textOf(join(dist, entry));
    expect([portable.includes(wideModule), host.test(portable)]).toEqual([false, false]);
  }
});
