import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { type ManualReader, manualPages, plainText } from '../../../src/char-rnn/corpora/man.ts';
import { UsageError } from '../../../src/cli/errors.ts';
import { newFolder } from '../folder.ts';

/** A machine whose `man` prints a page's name and size. */
function machine(folders: readonly string[], asked: string[] = []): ManualReader {
  return {
    folders: () => folders,
    render(files) {
      asked.push(...files.map((file) => basename(file)));
      return files.map((file) => `${basename(file)}\n${'x'.repeat(readFileSync(file).length)}\n`).join('');
    },
  };
}

test('overstrikes, terminal colors and trailing spaces go, and letters of every script stay', () => {
  expect(plainText('N\bNA\bAM\bME\bE\n  _\bf_\bi_\bl_\be   \n')).toBe('NAME\n  file\n');
  expect(plainText('_\bN\bN o\bo\bo \x1b[1mbold\x1b[0m é\bé\r\n')).toBe('N o bold é\n');
  expect(plainText('a\n\n\n\n\nb\n')).toBe('a\n\nb\n');
  // As long as a page may be, it is read once.
  expect(plainText(`a${' '.repeat(1e6)}b \n`)).toBe(`a${' '.repeat(1e6)}b\n`);
});

test('pages come section by section in the order of their names, and names for another page are left out', () => {
  const folder = newFolder();
  for (const section of ['man1', 'man2', 'man7', 'man8']) mkdirSync(join(folder, section));
  writeFileSync(join(folder, 'man1', 'b.1'), '.TH B\n');
  writeFileSync(join(folder, 'man1', 'a.1.gz'), gzipSync('.TH A\n'));
  writeFileSync(join(folder, 'man1', 'alias.1'), '.so man1/b.1\n');
  writeFileSync(join(folder, 'man1', 'alias2.1.gz'), gzipSync('.so man1/b.1\n'));
  symlinkSync('b.1', join(folder, 'man1', 'link.1'));
  symlinkSync('nowhere.1', join(folder, 'man1', 'broken.1'));
  writeFileSync(join(folder, 'man1', 'damaged.1.gz'), 'no gzip');
  writeFileSync(join(folder, 'man1', 'README'), 'no page');
  writeFileSync(join(folder, 'man2', 'open.2'), '.TH OPEN\n');
  writeFileSync(join(folder, 'man8', 'mount.8'), '.TH MOUNT\n');
  const asked: string[] = [];
  const text = manualPages(machine([folder, join(folder, 'missing'), folder], asked));
  expect(asked).toEqual(['a.1.gz', 'b.1', 'open.2']);
  expect(text).toMatch(/^a\.1\.gz\nx+\nb\.1\nx+\nopen\.2\nx+\n$/);
});

test('of each section as much is taken as it may have, up to a whole line, and no further page is rendered', () => {
  const folder = newFolder();
  mkdirSync(join(folder, 'man1'));
  mkdirSync(join(folder, 'man7'));
  for (let i = 100; i < 200; i++) writeFileSync(join(folder, 'man1', `${i}.1`), 'y'.repeat(20_000));
  writeFileSync(join(folder, 'man7', 'end.7'), 'z');
  const asked: string[] = [];
  const text = manualPages(machine([folder], asked));
  expect(asked.length).toBe(41);
  expect(text.length).toBeLessThanOrEqual(700_000 + 'end.7\nx\n'.length);
  expect(text.length).toBeGreaterThan(670_000);
  expect(text.endsWith('\nend.7\nx\n')).toBe(true);
});

test('without pages, or if man prints nothing, the error says what to install', () => {
  const folder = newFolder();
  expect(() => manualPages(machine([folder]))).toThrow(UsageError);
  expect(() => manualPages(machine([]))).toThrow('apt-get install man-db manpages');
  mkdirSync(join(folder, 'man1'));
  writeFileSync(join(folder, 'man1', 'a.1'), '.TH A\n');
  expect(() => manualPages({ ...machine([folder]), render: () => '' })).toThrow('choose another corpus');
});
