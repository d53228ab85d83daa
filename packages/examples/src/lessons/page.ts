/** Parses the page of a lesson: its code blocks in pieces, each with its expected output. */

/** A page with an invalid format. */
export class LessonError extends Error {
  override readonly name = 'LessonError';
}

/** Code up to and including the comments with its expected output. */
export interface Piece {
  readonly code: string;
  /** The lines after `// →`. */
  readonly expected: readonly string[];
  /** The line of the page where it begins, from 1. */
  readonly line: number;
}

/** The content below one heading. */
export interface Section {
  /** A heading, or a question in bold. */
  readonly heading: string;
  /** Text, and formulas in fences without a language. */
  readonly prose: string;
  readonly blocks: readonly (readonly Piece[])[];
}

/** A parsed page. */
export interface Lesson {
  readonly title: string;
  readonly sections: readonly Section[];
  readonly questions: readonly string[];
}

/** The heading above the questions. */
export const QUESTIONS = '## Questions people ask';
const EXPECTED = /\/\/ →(.*)$/;

/**
 * Parses a page.
 * @throws LessonError with the line for code that would not run, or output that cannot be checked
 */
export function readLesson(page: string, file: string): Lesson {
  const fail = (line: number, what: string): never => {
    throw new LessonError(`${file}:${line}: ${what}`);
  };
  const sections: { heading: string; prose: string; blocks: Piece[][] }[] = [];
  let asked = false;
  let fence: { language: string; line: number; lines: string[] } | null = null;
  for (const [i, text] of page.split('\n').entries()) {
    if (/^\s*(```|~~~)/.test(text)) {
      if (fence === null) {
        if (text !== '```ts' && text !== '```')
          fail(i + 1, `expected \`\`\`ts (which is run) or \`\`\` to open a block, got ${text}`);
        fence = { language: text.slice(3), line: i + 2, lines: [] };
        continue;
      }
      if (text !== '```') fail(i + 1, `expected \`\`\` to close a block, got ${text}`);
      const { language, line, lines } = fence;
      if (language === 'ts') sections.at(-1)!.blocks.push(piecesOf(lines, line, fail));
      else if (/→ |console\./.test(lines.join('\n'))) fail(line, 'this block prints, but is not run');
      else sections.at(-1)!.prose += `${lines.join('\n')}\n`;
      fence = null;
    } else if (fence !== null) {
      fence.lines.push(text);
    } else {
      if (/^\s*<\w/.test(text)) fail(i + 1, 'expected Markdown, got HTML, whose code would not run');
      asked ||= text === QUESTIONS;
      const heading = /^#+ .*/.exec(text)?.[0] ?? (asked ? /^\*\*(.*?)\*\*/.exec(text)?.[1] : undefined);
      if (heading !== undefined) sections.push({ heading, prose: '', blocks: [] });
      if (sections.length === 0 && text !== '') fail(i + 1, 'a page begins with its title');
      if (sections.length > 0) sections.at(-1)!.prose += `${text}\n`;
    }
  }
  if (fence !== null) fail(fence.line - 1, 'this block has no end');
  const from = sections.findIndex(({ heading }) => heading === QUESTIONS);
  const questions = sections
    .slice(from + 1)
    .flatMap(({ prose }) => [...prose.matchAll(/\*\*([^*]+\?)\*\*/g)]);
  return {
    title: sections[0]?.heading.replace(/^# /, '') ?? fail(1, 'a page begins with its title'),
    sections,
    questions: from < 0 ? [] : questions.map(([, question]) => question!),
  };
}

/**
 * The pieces of a block. A piece ends after its expected output, if the next line starts a
 * statement.
 */
function piecesOf(
  lines: readonly string[],
  line: number,
  fail: (line: number, what: string) => never,
): Piece[] {
  const pieces: Piece[] = [];
  let from = 0;
  for (const [i, text] of lines.entries()) {
    const output = EXPECTED.exec(text);
    if (output !== null) {
      if (output[1]!.trim() === '') fail(line + i, 'expected output after // →, got none');
      if (output.index > 0 && !text.includes('console.log('))
        fail(line + i, 'expected // → after console.log( or on a separate line');
    }
    const next = lines[i + 1];
    const ends = output !== null && !/^\s/.test(text) && next !== undefined && !next.startsWith('// →');
    if (!ends && next !== undefined) continue;
    const own = lines.slice(from, i + 1);
    const expected = own.flatMap((each) => EXPECTED.exec(each)?.[1]?.slice(1).trimEnd() ?? []);
    pieces.push({ code: `${own.join('\n')}\n`, expected, line: line + from });
    from = i + 1;
  }
  return pieces;
}

/** All pieces of a lesson, in order: one program. */
export const piecesOfLesson = ({ sections }: Lesson): Piece[] =>
  sections.flatMap(({ blocks }) => blocks.flat());

/** A lesson as one file, with its expected output in comments. */
export function programOf({ sections }: Lesson, file: string): string {
  const parts = sections.filter(({ blocks }) => blocks.length > 0);
  const texts = parts.map(({ heading, blocks }) => {
    const code = blocks.map((pieces) => pieces.map(({ code }) => code).join(''));
    return `// ${plain(heading)}\n\n${code.join('\n')}`;
  });
  return `// The program of docs/lessons/${file}\n\n${texts.join('\n')}`;
}

/** A heading without its marks. */
export const plain = (heading: string): string => heading.replace(/^#+ /, '');
