import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const folder = fileURLToPath(new URL('../../dist-site', import.meta.url));
const pages = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .map((name) => name.replaceAll('\\', '/'))
  .filter((name) => name.endsWith('.html'));
const textOf = (page: string): string => readFileSync(join(folder, page), 'utf8');

/** Links and sources of a page, without those to other hosts and data. */
const linksOf = (html: string): string[] =>
  [...html.matchAll(/\s(?:href|src)="([^"]+)"/g)]
    .map(([, target]) => target!.replaceAll('&amp;', '&'))
    .filter((target) => !/^(https?:|data:|mailto:)/.test(target));

const idsOf = (html: string): Set<string> =>
  new Set([...html.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id!));

/** The file of a link on a page, as a host serves it. Null if there is none. */
function fileOf(page: string, path: string): string | null {
  const file = path === '' ? page : posix.normalize(posix.join(posix.dirname(page), decodeURI(path)));
  return (
    [file, `${file}.html`, posix.join(file, 'index.html')].find((each) => {
      const full = join(folder, each);
      return existsSync(full) && statSync(full).isFile();
    }) ?? null
  );
}

test('Every link of the built site leads to a file of it, and every anchor to an element', () => {
  const ids = new Map<string, Set<string>>();
  const wrong: string[] = [];
  for (const page of pages)
    for (const link of linksOf(textOf(page))) {
      const [path, anchor] = link.split('#') as [string, string?];
      const file = fileOf(page, path.replace(/\?.*/, ''));
      if (file === null) wrong.push(`${page}: ${link}`);
      else if (anchor && file.endsWith('.html') && !file.startsWith('lab/')) {
        if (!ids.has(file)) ids.set(file, idsOf(textOf(file)));
        if (!ids.get(file)!.has(decodeURIComponent(anchor))) wrong.push(`${page}: ${link} (no such anchor)`);
      }
    }
  expect(wrong).toEqual([]);
  expect(pages.length).toBeGreaterThan(40);
});

test('No attribute of the built site is an absolute path, so that it works in any folder', () => {
  const absolute = pages.flatMap((page) => linksOf(textOf(page)).filter((link) => link.startsWith('/')));
  expect(absolute).toEqual([]);
});
