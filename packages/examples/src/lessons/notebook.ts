/** Writes lessons as notebooks for the Jupyter kernel of Deno. */
import { posix } from 'node:path';
import { type Lesson, piecesOfLesson, readLesson } from './page.ts';

/** A cell, in the format of Jupyter notebooks 4.5. */
export type NotebookCell =
  | { cell_type: 'markdown'; id: string; metadata: object; source: string[] }
  | {
      cell_type: 'code';
      id: string;
      metadata: object;
      source: string[];
      execution_count: null;
      outputs: { output_type: 'stream'; name: 'stdout'; text: string[] }[];
    };

/** A notebook, in the format of Jupyter notebooks 4.5. */
export interface Notebook {
  readonly nbformat: 4;
  readonly nbformat_minor: 5;
  readonly metadata: object;
  readonly cells: readonly NotebookCell[];
}

const KERNEL = {
  kernelspec: { name: 'deno', display_name: 'Deno', language: 'typescript' },
  language_info: { name: 'typescript', file_extension: '.ts', mimetype: 'text/x.typescript' },
};
const CODE_BLOCK = /^```ts\n([\s\S]*?)^```$\n?/m;

/**
 * The page of a lesson as a notebook: text and code in the order of the page, with the output that
 * the page expects.
 *
 * @param page - the Markdown of the page
 * @param file - its name in `docs/lessons`
 * @param docs - the path from the notebook's folder to `docs/lessons`, for links. Default: that of
 *   a folder in the root of the repository
 * @throws LessonError if the page has an invalid format
 */
export function notebookOf(page: string, file: string, docs = '../docs/lessons'): Notebook {
  const outputs = outputsByLine(readLesson(page, file));
  let line = 1;
  const cells = page.split(CODE_BLOCK).flatMap((text, k): NotebookCell[] => {
    const isCode = k % 2 === 1;
    const from = line + 1; // code begins below its fence
    line += text.split('\n').length - 1 + (isCode ? 2 : 0);
    const id = `cell-${k}`;
    if (isCode) {
      const printed = outputs(from, from + text.split('\n').length - 1);
      const stream = { output_type: 'stream', name: 'stdout', text: linesOf(printed) } as const;
      const source = linesOf(text.trimEnd());
      return [
        {
          cell_type: 'code',
          id,
          metadata: {},
          source,
          execution_count: null,
          outputs: printed ? [stream] : [],
        },
      ];
    }
    const prose = linked(text.trim(), docs);
    return prose === '' ? [] : [{ cell_type: 'markdown', id, metadata: {}, source: linesOf(prose) }];
  });
  return { nbformat: 4, nbformat_minor: 5, metadata: KERNEL, cells };
}

/** What the code between two lines of the page prints. */
function outputsByLine(lesson: Lesson): (from: number, to: number) => string {
  const pieces = piecesOfLesson(lesson);
  return (from, to) =>
    pieces
      .filter(({ line }) => line >= from && line < to)
      .flatMap(({ expected }) => expected.map((each) => `${each}\n`))
      .join('');
}

/** Links to lessons lead to their notebooks, and links to other files of the docs lead there. */
const linked = (text: string, docs: string): string =>
  text.replace(/\]\((?!\w+:|#)([^)#]+)/g, (_, path: string) =>
    /^\d+-[^/]*\.md$/.test(path) ? `](${path.replace(/md$/, 'ipynb')}` : `](${posix.join(docs, path)}`,
  );

/** Lines with their ends, as notebooks store texts. */
const linesOf = (text: string): string[] => text.match(/.*\n|.+$/g) ?? [];
