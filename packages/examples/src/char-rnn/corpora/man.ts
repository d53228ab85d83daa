/**
 * This machine's manual pages as plain text, rendered by its own `man`: their licenses are many, so none is shipped. Which pages
 * there are differs from machine to machine, and so does the text.
 */
import { spawnSync } from 'node:child_process';
import { closeSync, openSync, readdirSync, readFileSync, readSync, realpathSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { UsageError } from '../usage-error.ts';
import { atMost } from './at-most.ts';

/** Commands, system calls, overviews; of each as much, so that none crowds the others out. */
const SECTIONS = ['1', '2', '7'] as const;
const MOST_CHARACTERS_PER_SECTION = 700_000;
/** Pages rendered by one `man`: starting it costs about as much as a short page. */
const PAGES_AT_ONCE = 40;
const LONGEST_MS = 60_000;

/** What this corpus asks of a machine; the tests give another. */
export interface ManualReader {
  /** The folders that hold `man1`, `man2` and so on. */
  folders(): readonly string[];
  /** The pages in these files as `man` prints them; empty where it cannot. */
  render(files: readonly string[]): string;
}

/**
 * Up to 2.1 million characters of manual pages: sections 1, 2 and 7, in the order of their names, overstrikes removed.
 * @throws UsageError if this machine has no `man` or no pages
 */
export function manualPages(reader: ManualReader = systemManual): string {
  const text = SECTIONS.map((section) => renderSection(reader, section)).join('');
  if (text.trim() === '') {
    throw new UsageError(
      'the corpus man needs manual pages, and this machine has none: install some ' +
        '(Debian, Ubuntu: apt-get install man-db manpages manpages-dev; minimal images: unminimize first), or choose another corpus',
    );
  }
  return text;
}

function renderSection(reader: ManualReader, section: string): string {
  let text = '';
  let files: string[] = [];
  const render = (): void => {
    if (files.length > 0) text += plainText(reader.render(files));
    files = [];
  };
  for (const file of pageFiles(reader.folders(), section)) {
    if (files.push(file) === PAGES_AT_ONCE) render();
    if (text.length >= MOST_CHARACTERS_PER_SECTION) break;
  }
  render();
  return atMost(MOST_CHARACTERS_PER_SECTION, text);
}

/**
 * The pages of a section, each once: names that only lead to another page (links, `.so`) are left out. One at a time, since a
 * machine may have ten times as many as are wanted.
 */
function* pageFiles(folders: readonly string[], section: string): Generator<string> {
  const seen = new Set<string>();
  for (const folder of folders) {
    const names = tryOr([], () => readdirSync(join(folder, `man${section}`)));
    for (const name of names.sort((a, b) => (a < b ? -1 : 1))) {
      const file = tryOr('', () => realpathSync(join(folder, `man${section}`, name)));
      if (seen.has(file)) continue;
      seen.add(file);
      if (/\.[0-9][^./\\]*(\.[a-z0-9]+)?$/.test(file) && !leadsElsewhere(file)) yield file;
    }
  }
}

function leadsElsewhere(file: string): boolean {
  return tryOr(true, () => {
    if (!file.endsWith('.gz')) return firstBytes(file, 4) === '.so ';
    return gunzipSync(readFileSync(file)).toString('latin1', 0, 4) === '.so ';
  });
}

function firstBytes(file: string, count: number): string {
  const descriptor = openSync(file, 'r');
  try {
    const bytes = Buffer.alloc(count);
    return bytes.toString('latin1', 0, readSync(descriptor, bytes));
  } finally {
    closeSync(descriptor);
  }
}

/** Rendered text as it reads: a typewriter's overstrikes (`N\bN` bold, `_\bN` underlined) and terminal colors go. */
export function plainText(rendered: string): string {
  return (
    rendered
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is removed here
      .replace(/\x1b\[[0-9;]*m/g, '')
      .replace(/[^\n][\b]/gu, '')
      .replace(/[\b\r]/g, '')
      // Each run of blanks is looked at once, from its first.
      .replace(/(?<![ \t])[ \t]+$/gm, '')
      .replace(/\n{3,}/g, '\n\n')
  );
}

/** The machine's own. Eighty columns and the C locale (ASCII), so that the reader's terminal and language change nothing. */
const systemManual: ManualReader = {
  folders() {
    const listed = runMan(['-w']).trim().split(delimiter);
    return [...new Set([...listed.filter((folder) => folder.startsWith('/')), '/usr/share/man'])];
  },
  render(files) {
    const rendered = runMan(files);
    // What Ubuntu's minimal images print, whatever they are asked for.
    return rendered.startsWith('This system has been minimized') ? '' : rendered;
  },
};

function runMan(args: readonly string[]): string {
  const { PATH = '', HOME = '', MANPATH } = process.env;
  const fixed = { LC_ALL: 'C', MANWIDTH: '80', PAGER: 'cat', MANPAGER: 'cat', TERM: 'dumb' };
  const result = spawnSync('man', args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { PATH, HOME, ...(MANPATH === undefined ? {} : { MANPATH }), ...fixed },
    maxBuffer: 256 * 1024 * 1024,
    timeout: LONGEST_MS,
  });
  return result.stdout ?? '';
}

function tryOr<T>(otherwise: T, attempt: () => T): T {
  try {
    return attempt();
  } catch {
    return otherwise;
  }
}
