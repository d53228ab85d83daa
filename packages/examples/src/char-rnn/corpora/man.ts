/**
 * The manual pages of this machine as plain text, rendered by its `man`. They have many licenses,
 * so none is shipped. The pages, and so the text, differ between machines.
 */
import { spawnSync } from 'node:child_process';
import { closeSync, openSync, readdirSync, readFileSync, readSync, realpathSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { UsageError } from '../../cli/errors.ts';
import { wholeLines } from './packaged.ts';

/** Commands, system calls and overviews, with a limit for each so that none dominates. */
const SECTIONS = ['1', '2', '7'] as const;
const MOST_CHARACTERS_PER_SECTION = 700_000;
/** Pages per call of `man`. Starting it costs about as much as a short page. */
const PAGES_AT_ONCE = 40;
const LONGEST_MS = 60_000;

/** What the corpus needs from a machine. Tests replace it. */
export interface ManualReader {
  /** The folders that hold `man1`, `man2` and so on. */
  folders(): readonly string[];
  /** The pages in these files as `man` prints them. Empty if it fails. */
  render(files: readonly string[]): string;
}

/**
 * Up to 2.1 million characters of manual pages: sections 1, 2 and 7, by name, without overstrikes.
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
  return wholeLines(text, MOST_CHARACTERS_PER_SECTION);
}

/**
 * The pages of a section, each once: links and `.so` references to other pages are omitted. A
 * generator, since a machine may have ten times as many as are needed.
 */
function* pageFiles(folders: readonly string[], section: string): Generator<string> {
  const seen = new Set<string>();
  for (const folder of folders) {
    const names = tryOr([], () => readdirSync(join(folder, `man${section}`)));
    for (const name of names.sort((a, b) => (a < b ? -1 : 1))) {
      const file = tryOr('', () => realpathSync(join(folder, `man${section}`, name)));
      if (seen.has(file)) continue;
      seen.add(file);
      if (/\.[0-9][^./\\]*(\.[a-z0-9]+)?$/.test(file) && !isReference(file)) yield file;
    }
  }
}

function isReference(file: string): boolean {
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

/** Removes overstrikes (`N\bN` bold, `_\bN` underlined) and terminal colors. */
export function plainText(rendered: string): string {
  return (
    rendered
      // biome-ignore lint/suspicious/noControlCharactersInRegex: removes control characters
      .replace(/\x1b\[[0-9;]*m/g, '')
      .replace(/[^\n][\b]/gu, '')
      .replace(/[\b\r]/g, '')
      // The lookbehind visits each run of blanks once, which keeps this linear.
      .replace(/(?<![ \t])[ \t]+$/gm, '')
      .replace(/\n{3,}/g, '\n\n')
  );
}

/**
 * Uses 80 columns and the C locale (ASCII), so that the user's terminal and language do not matter.
 */
const systemManual: ManualReader = {
  folders() {
    const listed = runMan(['-w']).trim().split(delimiter);
    return [...new Set([...listed.filter((folder) => folder.startsWith('/')), '/usr/share/man'])];
  },
  render(files) {
    const rendered = runMan(files);
    // Minimal images of Ubuntu print this instead of any page.
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
