/**
 * Writes the pages of the site from the repository's Markdown: the README, docs, lessons,
 * decisions, and each file that one of them links to. Links are rewritten, so that they work in the
 * repository and on the site.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, extname, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { piecesOfLesson, readLesson } from '../../examples/dist/lessons/page.js';

export const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const PAGES = join(ROOT, 'packages/lab/site/pages');

/** Files of the repository that are pages, besides those that these link to. */
const FIRST = [
  'README.md',
  'CONTRIBUTING.md',
  ...['docs', 'docs/lessons', 'docs/decisions'].flatMap((folder) =>
    readdirSync(join(ROOT, folder))
      .filter((name) => name.endsWith('.md'))
      .map((name) => `${folder}/${name}`),
  ),
];

/** The page of a file of the repository, as a path with `.md`. */
export function pageOf(file) {
  if (file === 'README.md') return 'start.md';
  if (statSync(join(ROOT, file)).isDirectory()) return `${file.replace(/^docs\//, '')}/index.md`;
  if (file.startsWith('docs/')) return file.slice('docs/'.length).replace(/README\.md$/, 'index.md');
  if (file.endsWith('README.md')) return file.replace(/\/README\.md$/, '.md');
  if (file.endsWith('.md')) return file.toLowerCase();
  return `source/${file}.md`;
}

/** The file that a link leads to: a folder's README, or the folder's list of files. */
function fileOf(path) {
  const full = join(ROOT, path);
  if (!existsSync(full)) throw new Error(`${path}: linked, but absent`);
  const readme = posix.join(path, 'README.md');
  return statSync(full).isDirectory() && existsSync(join(ROOT, readme)) ? readme : path;
}

/**
 * Markdown with its links rewritten.
 * @param file the file or folder of the repository that it shows
 * @param found receives each file that it links to
 */
export function rewritten(text, file, found) {
  const page = pageOf(file);
  const from = statSync(join(ROOT, file)).isDirectory() ? file : posix.dirname(file);
  const link = (target) => {
    if (/^(https?:|mailto:|#)/.test(target)) return target;
    const [path, anchor] = target.split('#');
    const linked = fileOf(posix.normalize(posix.join(from, path)).replace(/\/$/, ''));
    if (extname(linked) === '.svg') return image(linked);
    found(linked);
    const to = posix.relative(posix.dirname(page), pageOf(linked));
    return `${to.startsWith('.') ? to : `./${to}`}${anchor === undefined ? '' : `#${anchor}`}`;
  };
  let fence = false;
  return text
    .split('\n')
    .map((line) => {
      if (/^\s*(```|~~~)/.test(line)) fence = !fence;
      return fence ? line : line.replace(/\]\(([^)\s]+)\)/g, (_, target) => `](${link(target)})`);
    })
    .join('\n')
    .replace(/^<!--.*?-->\n/gms, '');
}

/** A file that is no Markdown, or a folder, as a page in Markdown. */
function sourcePage(file, found) {
  const full = join(ROOT, file);
  if (statSync(full).isDirectory()) {
    const names = readdirSync(full).map((name) =>
      name.endsWith('.md') ? `- [${name}](${name})` : `- \`${name}\``,
    );
    return rewritten(`# ${file}\n\n${names.join('\n')}\n`, file, found);
  }
  const language = extname(file).slice(1).replace('mjs', 'js');
  return `# ${posix.basename(file)}\n\n\`${file}\`\n\n\`\`\`\`${language}\n${readFileSync(full, 'utf8')}\n\`\`\`\`\n`;
}

function write(path, text) {
  const full = join(PAGES, path);
  mkdirSync(dirname(full), { recursive: true });
  writeFileSync(full, text);
}

/** Writes all pages, and the pieces of the lessons for their Run buttons. */
export function writePages() {
  rmSync(PAGES, { recursive: true, force: true });
  const waiting = [...FIRST];
  const done = new Set();
  for (let file = waiting.shift(); file !== undefined; file = waiting.shift()) {
    if (done.has(file)) continue;
    done.add(file);
    const found = (linked) => waiting.push(linked);
    const isPage = file.endsWith('.md');
    const text = isPage ? readFileSync(join(ROOT, file), 'utf8') : sourcePage(file, found);
    write(pageOf(file), isPage ? rewritten(text, file, found) : text);
    if (/^docs\/lessons\/\d/.test(file)) {
      const lesson = readLesson(text, file);
      write(pageOf(file).replace('.md', '.json'), JSON.stringify(blocksOf(lesson)));
    }
  }
  writeHome();
}

/** The home page. Its figures are those of the README, so that they are written once. */
function writeHome() {
  const home = readFileSync(join(ROOT, 'packages/lab/site/home.md'), 'utf8');
  const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
  const table = /(?<=^## Speed\n.*?)^\|.*?\n\n/ms.exec(readme);
  if (table === null) throw new Error('README.md: no table under "## Speed"');
  write('index.md', home.replace('<!-- speed -->\n', `${table[0].trimEnd()}\n`));
}

/** Copies an image that a page shows, and returns its address on the site. */
function image(file) {
  const name = posix.basename(file);
  write(`public/${name}`, readFileSync(join(ROOT, file), 'utf8'));
  return `/${name}`;
}

/** The pieces of a lesson, and of each block the first piece and the one after its last. */
function blocksOf(lesson) {
  const blocks = lesson.sections.flatMap((section) => section.blocks);
  const ends = blocks.map((_, k) => blocks.slice(0, k + 1).flat().length);
  const ranges = blocks.map((pieces, k) => [ends[k] - pieces.length, ends[k]]);
  return { pieces: piecesOfLesson(lesson).map(({ code, expected }) => ({ code, expected })), ranges };
}
