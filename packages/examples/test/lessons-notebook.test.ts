import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { type NotebookCell, notebookOf } from '../src/lessons/notebook.ts';
import { LessonError } from '../src/lessons/page.ts';
import { Program } from '../src/lessons/run.ts';

const folder = new URL('../../../docs/lessons/', import.meta.url);
const lessons = readdirSync(folder).filter((name) => /^\d.*\.md$/.test(name));
const read = (name: string): string => readFileSync(new URL(name, folder), 'utf8');

type CodeCell = Extract<NotebookCell, { cell_type: 'code' }>;
const isCode = (cell: NotebookCell): cell is CodeCell => cell.cell_type === 'code';
const printedBy = ({ outputs }: CodeCell): string[] => outputs.flatMap(({ text }) => text);

// The quickest ones. The code of all is compared with the pages below, whose every block is run.
const quick = lessons.filter((name) => /^[128]-/.test(name));

test.each(quick)('The code cells of the notebook of %s print their outputs', async (name) => {
  const cells = notebookOf(read(name), name).cells.filter(isCode);
  let line = 1;
  const parts = cells.map(({ source }) => {
    const part = { code: source.join(''), line };
    line += source.length;
    return part;
  });
  const printed: string[][] = cells.map(() => []);
  const print = (text: string, piece: number) => printed[piece]!.push(`${text}\n`);
  await new Program(parts, { file: name, print }).run();
  expect(printed).toEqual(cells.map(printedBy));
  expect(cells.length).toBeGreaterThan(7);
});

test.each(lessons)('The notebook of %s has the text and code of the page, in its order', (name) => {
  const { cells } = notebookOf(read(name), name);
  const page = cells.map((cell) =>
    isCode(cell) ? `\`\`\`ts\n${cell.source.join('')}\n\`\`\`` : cell.source.join(''),
  );
  const withoutLinks = (text: string) => text.replace(/\]\([^)]*\)/g, ']');
  expect(withoutLinks(`${page.join('\n\n')}\n`)).toBe(withoutLinks(read(name)));
});

test('Links lead to notebooks, to files of the docs, and to other sites', () => {
  const page =
    '# 1. A page\n\n[a](2-b.md) [b](2-b.md#c) [c](../guide.md#d) [d](https://x.org/1-a.md) [e](#f)\n';
  const { cells } = notebookOf(page, '1-a.md', '../docs/lessons');
  expect(cells[0]!.source.at(-1)).toBe(
    '[a](2-b.ipynb) [b](2-b.ipynb#c) [c](../docs/guide.md#d) [d](https://x.org/1-a.md) [e](#f)',
  );
});

test('A page with an invalid format becomes no notebook', () => {
  expect(() => notebookOf('# 1. A page\n\n```js\nx;\n```\n', '1-a.md')).toThrow(LessonError);
});
