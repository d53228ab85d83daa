/** A lesson as a program: the code blocks of its page, in pieces, each with the lines that it promises to print. */

/** A page that is not written as lessons are. */
export class LessonError extends Error {
  override readonly name = 'LessonError';
}

/** Code up to and with the lines that it promises: so a promise is held against what the code right above it printed. */
export interface Piece {
  readonly code: string;
  /** What stands after `// →`, line by line. */
  readonly promised: readonly string[];
  /** Where it begins on the page, counted from 1. */
  readonly line: number;
}

/** What stands below one heading. */
export interface Section {
  /** A heading, or a question in bold. */
  readonly heading: string;
  /** All that is not code to run: sentences, and formulas in fences without a language. */
  readonly prose: string;
  /** Code blocks. */
  readonly blocks: readonly (readonly Piece[])[];
}

/** A page, read. */
export interface Lesson {
  readonly title: string;
  readonly sections: readonly Section[];
  readonly questions: readonly string[];
}

/** The heading above the questions. */
export const QUESTIONS = '## Questions people ask';
const PROMISE = /\/\/ →(.*)$/;

/** Reads a page. @throws LessonError, naming the line, for a fence that nothing would run, and for a promise that nothing can keep */
export function readLesson(page: string, file: string): Lesson {
  const refuse = (line: number, what: string): never => {
    throw new LessonError(`${file}:${line}: ${what}`);
  };
  const sections: { heading: string; prose: string; blocks: Piece[][] }[] = [];
  let asked = false;
  let fence: { language: string; line: number; lines: string[] } | null = null;
  for (const [i, text] of page.split('\n').entries()) {
    if (/^\s*(```|~~~)/.test(text)) {
      if (fence === null) {
        if (text !== '```ts' && text !== '```')
          refuse(i + 1, `${text} opens a block, only \`\`\`ts, which is run, and \`\`\` alone are known`);
        fence = { language: text.slice(3), line: i + 2, lines: [] };
        continue;
      }
      if (text !== '```') refuse(i + 1, `${text} stands in a block, which only \`\`\` ends`);
      const { language, line, lines } = fence;
      if (language === 'ts') sections.at(-1)!.blocks.push(piecesOf(lines, line, refuse));
      else if (/→ |console\./.test(lines.join('\n'))) refuse(line, 'this block prints, and is not run');
      else sections.at(-1)!.prose += `${lines.join('\n')}\n`;
      fence = null;
    } else if (fence !== null) {
      fence.lines.push(text);
    } else {
      if (/^\s*<\w/.test(text)) refuse(i + 1, 'HTML, in which code could stand that is not run');
      asked ||= text === QUESTIONS;
      const heading = /^#+ .*/.exec(text)?.[0] ?? (asked ? /^\*\*(.*?)\*\*/.exec(text)?.[1] : undefined);
      if (heading !== undefined) sections.push({ heading, prose: '', blocks: [] });
      if (sections.length === 0 && text !== '') refuse(i + 1, 'a page begins with its title');
      if (sections.length > 0) sections.at(-1)!.prose += `${text}\n`;
    }
  }
  if (fence !== null) refuse(fence.line - 1, 'this block has no end');
  const from = sections.findIndex(({ heading }) => heading === QUESTIONS);
  const questions = sections
    .slice(from + 1)
    .flatMap(({ prose }) => [...prose.matchAll(/\*\*([^*]+\?)\*\*/g)]);
  return {
    title: sections[0]?.heading.replace(/^# /, '') ?? refuse(1, 'a page begins with its title'),
    sections,
    questions: from < 0 ? [] : questions.map(([, question]) => question!),
  };
}

/** The pieces of a block: one ends with its promises where the next line begins at the margin, which is where a statement does. */
function piecesOf(
  lines: readonly string[],
  line: number,
  refuse: (line: number, what: string) => never,
): Piece[] {
  const pieces: Piece[] = [];
  let from = 0;
  for (const [i, text] of lines.entries()) {
    const promise = PROMISE.exec(text);
    if (promise !== null) {
      if (promise[1]!.trim() === '') refuse(line + i, 'nothing is promised after // →');
      if (promise.index > 0 && !text.includes('console.log('))
        refuse(line + i, 'a promise stands behind its console.log( or on lines of its own');
    }
    const next = lines[i + 1];
    const ends = promise !== null && !/^\s/.test(text) && next !== undefined && !next.startsWith('// →');
    if (!ends && next !== undefined) continue;
    const own = lines.slice(from, i + 1);
    const promised = own.flatMap((each) => PROMISE.exec(each)?.[1]?.slice(1).trimEnd() ?? []);
    pieces.push({ code: `${own.join('\n')}\n`, promised, line: line + from });
    from = i + 1;
  }
  return pieces;
}

/** All pieces of a lesson, in order: one program. */
export const piecesOfLesson = ({ sections }: Lesson): Piece[] =>
  sections.flatMap(({ blocks }) => blocks.flat());

/** A lesson as one file to play with; what it printed stands where it did. */
export function programOf({ sections }: Lesson, file: string): string {
  const parts = sections.filter(({ blocks }) => blocks.length > 0);
  const texts = parts.map(({ heading, blocks }) => {
    const code = blocks.map((pieces) => pieces.map(({ code }) => code).join(''));
    return `// ${plain(heading)}\n\n${code.join('\n')}`;
  });
  return `// The program of docs/lessons/${file}\n\n${texts.join('\n')}`;
}

/** A heading without its signs. */
export const plain = (heading: string): string => heading.replace(/^#+ /, '');
