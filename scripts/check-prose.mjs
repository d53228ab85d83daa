/**
 * Checks the words of Markdown and source: prose and comments of at most 100 columns, and no banned
 * phrases in them or in strings. Code blocks, tables, equations beside code, link targets and
 * URLs may be wider.
 *
 *     node scripts/check-prose.mjs [PATH…]
 *
 * Each PATH is a file or folder. Default: all that git does not ignore. Exit code 1: findings.
 */
import './node-version.mjs';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

const COLUMNS = 100;
/** An equation beside its code, numbered or aligned with others: a table of two columns. */
const EQUATION = /^\/\/ +(\(\d+\) | {2})\w+ +\+?= /;
// The sentences of the generated corpora never change.
const SKIPPED =
  /(^|\/)(fixtures|node_modules|dist)\/|^bench\/results\/|\.generated\.ts$|corpora\/generated\.ts$|check-prose(\.test)?\.(mjs|ts)$/;
const CHECKED = /\.(md|tsx?|mts|mjs|js)$/;

/** A phrase, and what to write instead. */
const BANNED = [
  [/\bunless (named|told)\b/, '"Default: …"'],
  [/\bcan be told\b/, '"Options of X"'],
  [/\btold\b/, '"is given", "is reported", "is distinguished"'],
  [/\bcame[,;]/, '"expected Y, got X; do Z"'],
  [/\b(was|were) expected(?! to\b)/, '"expected Y, got X; do Z"'],
  [/\bheld to\b/, '"is checked against"'],
  [/\b(stands?|stood)\b(?! for\b|-)/, '"is", "is in", "appears"'],
  [/\bgo(es)? by\b/, '"is identified by", "is reported as"'],
  [/\bthe same goes\b/, '"X does too", or name both subjects in one sentence'],
  [/\b(that|which) (is|are) none\b/, '"invalid", "not a …"'],
  [/\bof (its|their) own\b/, '"its own X", "a separate X"'],
  [/(?<!multiplied |divided |times )\bby (itself|themselves)\b/, '"automatically", "alone"'],
  [/\bin the open\b/, '"explicitly"'],
  [/\bnobody\b/, 'name what does not do it: "no code", "no reader"'],
  [/\bfor ever\b/, '"forever", "permanently"'],
  [/\banew\b/, '"again"'],
  [/\bof (ours|yours)\b/, '"our X", "your X"'],
  [/\bmakes for\b/, '"gives", "causes"'],
  [/\b(hears?|heard)\b/, '"receives", "is notified of"'],
  [/\bwherefrom\b/, '"source", "where … comes from"'],
].map(([phrase, cure]) => [new RegExp(phrase, 'gi'), cure]);

/** Columns of a line without what cannot be wrapped: link targets and URLs. */
const columns = (line) => [...line.replace(/\]\([^)\s]*\)/g, ']').replace(/https?:\/\/\S+/g, '')].length;

/**
 * The lines of a file that hold words: `text` to search for phrases, `wrap` if the width counts,
 * `joined` if the line continues the sentence of the line above it.
 */
function* markdownLines(lines) {
  let fence = false;
  for (const [i, line] of lines.entries()) {
    const mark = /^\s*(```|~~~)/.test(line);
    if (mark) fence = !fence;
    if (mark || fence) continue;
    const table = /^\s*\|/.test(line);
    yield { number: i + 1, text: line, wrap: !table, joined: !table && line.trim() !== '' };
  }
}

function* sourceLines(lines) {
  let block = false;
  let fence = false;
  for (const [i, line] of lines.entries()) {
    const number = i + 1;
    const bare = line.trim();
    if (!block && !/^(\/\/|\/\*)/.test(bare)) {
      const code = line.replace(/'[^']*'|"[^"]*"|`[^`]*`|\/[^/\s]+\/\w*/g, '');
      const comment = code.match(/\/\/ .*/)?.[0] ?? '';
      yield { number, text: line, wrap: comment !== '' && !EQUATION.test(comment), joined: false };
      continue;
    }
    const opens = !block && bare.startsWith('/*');
    if (opens) fence = false;
    block = (block || opens) && !bare.includes('*/');
    const text = bare.replace(/^(\/\*\*?|\*(?!\/)|\/\/)/, '').replace(/\*\/$/, '');
    const mark = /^\s*```/.test(text);
    if (mark) fence = !fence;
    if (mark || fence || /^\s*\|/.test(text) || /biome-ignore|@ts-/.test(text)) continue;
    yield { number, text, line, wrap: true, joined: !opens && text.trim() !== '' };
  }
}

/** Phrases are searched in paragraphs, since a line may end in the middle of one. */
function* paragraphs(words) {
  let open = [];
  for (const word of words) {
    if (!word.joined || open.at(-1)?.number !== word.number - 1) {
      if (open.length > 0) yield open;
      open = [];
    }
    open.push(word);
  }
  if (open.length > 0) yield open;
}

/** What is wrong with a file's words, one line for each finding. */
export function problemsOf(path, source) {
  const lines = source.split(/\r?\n/);
  const words = [...(path.endsWith('.md') ? markdownLines(lines) : sourceLines(lines))];
  const found = [];
  for (const { number, text, line = text, wrap } of words) {
    const width = columns(line);
    if (wrap && width > COLUMNS && /\S\s+\S/.test(text.trim())) {
      found.push([number, `expected at most ${COLUMNS} columns, got ${width}; wrap the text`]);
    }
  }
  for (const paragraph of paragraphs(words)) {
    const starts = [];
    let text = '';
    for (const word of paragraph) {
      starts.push(text.length);
      text += `${word.text.trim()} `;
    }
    for (const [phrase, cure] of BANNED) {
      for (const { 0: got, index } of text.matchAll(phrase)) {
        const at = starts.findLastIndex((start) => start <= index);
        found.push([paragraph[at].number, `expected ${cure}, got "${got}"`]);
      }
    }
  }
  return found.sort(([a], [b]) => a - b).map(([number, what]) => `${path}:${number}: ${what}`);
}

function main(paths) {
  const missing = paths.filter((path) => !existsSync(path));
  if (missing.length > 0) {
    console.error(`check-prose: expected files or folders, got ${missing.join(', ')}`);
    process.exit(2);
  }
  const listed = ['ls-files', '-co', '--exclude-standard', '--', ...paths];
  const files = execFileSync('git', listed, { encoding: 'utf8', maxBuffer: 2 ** 26 })
    .split('\n')
    .filter((path) => CHECKED.test(path) && !SKIPPED.test(path) && existsSync(path));
  const problems = files.flatMap((path) => problemsOf(path, readFileSync(path, 'utf8')));
  for (const problem of problems) console.error(problem);
  if (problems.length > 0) console.error(`Prose: ${problems.length} findings.`);
  else console.log(`Prose: ${files.length} files, at most ${COLUMNS} columns, no banned phrase.`);
  process.exit(problems.length > 0 ? 1 : 0);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) main(process.argv.slice(2));
