/**
 * Checks the words of Markdown and source: prose and comments of at most 100 columns, and no banned
 * phrases in them or in strings. Code blocks, tables, link targets and URLs may be wider.
 *
 *     node scripts/check-prose.mjs [PATH…]
 *
 * Each PATH is a file or folder. Default: the paths in `DONE`. Exit code 1: something was found.
 */
import './node-version.mjs';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

/** What `pnpm lint` checks. */
const DONE = [
  'README.md',
  'CONTRIBUTING.md',
  'docs',
  'packages/tensor/README.md',
  'packages/tensor/src',
  'packages/autograd/README.md',
  'packages/nn/README.md',
  'packages/nn/src/cells',
  'packages/nn/src/data',
  'packages/nn/src/formats',
  'packages/nn/src/internal',
  'packages/nn/src/loss',
  'packages/nn/src/modules',
  'packages/nn/src/optim',
  'packages/nn/src/recurrent',
  'packages/nn/src/functional-call.ts',
  'packages/nn/src/index.ts',
  'packages/nn/src/init.ts',
  'packages/nn/src/module.ts',
  'packages/examples/src/cells/README.md',
  'packages/examples/src/cells',
  'packages/examples/src/char-rnn',
  'packages/examples/src/check',
  'packages/examples/src/cli',
  'packages/examples/src/lessons',
  'packages/examples/src/by-hand.ts',
  'packages/examples/src/leaky-cell.ts',
  'packages/examples/src/min-char-rnn.ts',
  'packages/examples/src/own-cell.ts',
  'packages/examples/src/whole-use.ts',
  'packages/examples/test/cells',
  'packages/examples/test/char-rnn',
  'packages/examples/test/check',
  'packages/examples/test/cli',
  'packages/examples/test/lessons',
  'packages/examples/test/golden-bptt.test.ts',
  'packages/examples/test/golden-fixtures.ts',
  'packages/examples/test/golden-generator.test.ts',
  'packages/examples/test/golden-generator.ts',
  'packages/examples/test/lessons.test.ts',
  'packages/examples/test/min-char-rnn.test.ts',
  'packages/examples/test/whole-use.test.ts',
  'packages/tensor/kernels',
  'packages/tensor/src/plan',
  'packages/tensor/src/effects.ts',
  'packages/tensor/src/recorder.ts',
  'packages/tensor/src/runtime.ts',
  'packages/tensor/scripts',
  'packages/nn/scripts',
  'packages/examples/scripts',
  'packages/examples/src/common',
  'packages/examples/src/experiments',
  'packages/examples/src/plots',
  'packages/examples/test/common',
  'packages/examples/test/experiments',
  'packages/examples/test/plots',
  'bench',
  'scripts',
  '.changeset',
  '.github',
  'vitest.config.ts',
  'vitest.setup.ts',
];
const COLUMNS = 100;
// The sentences of the generated corpora never change.
const SKIPPED =
  /(^|\/)(fixtures|node_modules|dist)\/|^bench\/results\/|\.generated\.ts$|corpora\/generated\.ts$|check-prose(\.test)?\.(mjs|ts)$/;
const CHECKED = /\.(md|ts|mts|mjs|js)$/;

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
      const comment = line.replace(/'[^']*'|"[^"]*"|`[^`]*`|\/[^/\s]+\/\w*/g, '').includes('// ');
      yield { number, text: line, wrap: comment, joined: false };
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
  const asked = paths.length > 0 ? paths : DONE;
  const missing = asked.filter((path) => !existsSync(path));
  if (missing.length > 0) {
    console.error(`check-prose: expected files or folders, got ${missing.join(', ')}`);
    process.exit(2);
  }
  const listed = ['ls-files', '-co', '--exclude-standard', '--', ...asked];
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
