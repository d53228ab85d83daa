import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { parseLesson } from '../src/lessons/options.ts';
import { type Lesson, LessonError, piecesOfLesson, programOf, readLesson } from '../src/lessons/page.ts';
import { Program } from '../src/lessons/run.ts';

const folder = new URL('../../../docs/lessons/', import.meta.url);
const read = (name: string): string => readFileSync(new URL(name, folder), 'utf8');
const lessons = readdirSync(folder).filter((name) => /^\d.*\.md$/.test(name));

test.each(lessons)('docs/lessons/%s prints what it says, each line where it says so', async (name) => {
  const pieces = piecesOfLesson(readLesson(read(name), name));
  const printed = [...pieces.map(({ line }) => ({ line, prints: [] as string[] })), { line: 0, prints: [] }];
  const print = (line: string, piece: number) => printed[piece]!.prints.push(line);
  await new Program(pieces, { file: name, print }).run();
  const expected = pieces.map(({ line, expected }) => ({ line, prints: expected }));
  // The last entry: the program prints nothing after its last statement.
  expect(printed).toEqual([...expected, { line: 0, prints: [] }]);
});

test.each(lessons)('docs/lessons/%s has its blocks, its output and its questions', (name) => {
  const lesson = readLesson(read(name), name);
  expect(lesson.sections.flatMap(({ blocks }) => blocks).length).toBeGreaterThanOrEqual(8);
  expect(piecesOfLesson(lesson).flatMap(({ expected }) => expected).length).toBeGreaterThanOrEqual(14);
  expect(lesson.questions.length).toBeGreaterThanOrEqual(4);
  expect(read('README.md')).toContain(`](${name})`);
});

test('There are ten lessons', () => {
  const numbers = lessons.map((name) => Number.parseInt(name, 10)).sort((a, b) => a - b);
  expect(numbers).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
});

/**
 * Numbers as they are written, but for years and the numbers of lessons and equations, which are
 * names, and 0 and 1, which formulas hold.
 */
const numbersIn = (text: string): string[] => {
  const plain = text
    .replace(/(?<=\d)[_,](?=\d{3})/g, '')
    .replace(/\]\([^)]*\)|\blessons? \d|(?<!\w)\(\d+\)/gi, ' ');
  const found = plain.matchAll(/(?<![\w.])\d+(?:\.\d+)?(?:e[+-]?\d+)?(?!\w)/g);
  return [...found].map(([number]) => number).filter((number) => !/^([01]|(19|20)\d\d)$/.test(number));
};
const codeOf = (pieces: readonly { readonly code: string }[]) => pieces.map(({ code }) => code).join('');

/**
 * Numbers in sentences that neither the section's code nor what it prints holds, nor code above it.
 * Shares may be said in percent.
 */
function bareNumbers(lesson: Lesson): string[] {
  const above = new Set<number>();
  return lesson.sections.flatMap(({ heading, prose, blocks }) => {
    const code = codeOf(blocks.flat());
    for (const number of numbersIn(code.replace(/\/\/ →.*/g, ''))) above.add(Number(number));
    const known = new Set([...above, ...numbersIn(code).map(Number)]);
    const share = (n: string): boolean => prose.includes(`${n} %`) && known.has(Number(n) / 100);
    const said = numbersIn(prose.replace(/^#+ \d+\./, ''));
    return said.filter((n) => !known.has(Number(n)) && !share(n)).map((n) => `${heading}: ${n}`);
  });
}

test.each(lessons)(
  'Every number in the sentences of docs/lessons/%s is in its code, or printed there',
  (name) => {
    expect(bareNumbers(readLesson(read(name), name))).toEqual([]);
  },
);

test.each(lessons)('Comments in the code of docs/lessons/%s hold no number that nothing compares', (name) => {
  const comments = codeOf(piecesOfLesson(readLesson(read(name), name))).matchAll(/\/\/(?! →)(.*)/g);
  const labels = /^\s*\d$/; // a line may have a number
  expect([...comments].flatMap(([, c]) => (numbersIn(c!).length > 0 && !labels.test(c!) ? c : []))).toEqual(
    [],
  );
});

/** Where the compiler finds the programs, each line as many lines from the top as on its page. */
const programs = fileURLToPath(new URL('../dist/lessons-typed/', import.meta.url));
afterAll(() => rmSync(programs, { recursive: true, force: true }));

function compile(sources: Readonly<Record<string, string>>): string {
  rmSync(programs, { recursive: true, force: true });
  mkdirSync(programs, { recursive: true });
  // Nothing is known of Node: a program prints by console.log alone, and can wait for promises
  // alone.
  const globals =
    'declare const console: { log(...values: unknown[]): void };\ndeclare function structuredClone<T>(value: T): T;\n';
  const options = {
    extends: '../../../../tsconfig.test.json',
    compilerOptions: { types: [] },
    include: ['*.ts'],
  };
  const files = { ...sources, 'globals.d.ts': globals, 'tsconfig.json': JSON.stringify(options) };
  for (const [name, text] of Object.entries(files)) writeFileSync(`${programs}${name}`, text);
  const tsc = fileURLToPath(new URL('../../../node_modules/typescript/bin/tsc', import.meta.url));
  try {
    return execFileSync(process.execPath, [tsc, '-p', programs], { encoding: 'utf8', cwd: programs });
  } catch (error) {
    return (error as { readonly stdout: string }).stdout;
  }
}

function inPlace(lesson: Lesson): string {
  const lines: string[] = [];
  for (const { line, code } of piecesOfLesson(lesson)) {
    while (lines.length < line - 1) lines.push('');
    lines.push(...code.trimEnd().split('\n'));
  }
  return `${lines.join('\n')}\nexport {};\n`;
}

test('The compiler finds nothing wrong with the programs of the lessons, under the strict settings of all code', () => {
  const pages = lessons.map((name) => [name.replace('.md', '.ts'), inPlace(readLesson(read(name), name))]);
  const wrong = "const bad: number = 'x';\nexport { bad };\n";
  const said = compile({ ...Object.fromEntries(pages), 'wrong.ts': wrong })
    .trim()
    .split('\n');
  expect(said).toEqual([expect.stringMatching(/^wrong\.ts\(1,7\): error TS2322/)]);
});

const page = (body: string) => `# 1. A page\n\n${body}\n`;
test.each([
  [
    'another language',
    '```js\nx;\n```',
    ':3: expected ```ts (which is run) or ``` to open a block, got ```js',
  ],
  [
    'a blank behind the language',
    '```ts \nx;\n```',
    ':3: expected ```ts (which is run) or ``` to open a block, got ```ts ',
  ],
  [
    'a fence that is indented',
    '  ```ts\nx;\n  ```',
    ':3: expected ```ts (which is run) or ``` to open a block, got   ```ts',
  ],
  [
    'a fence of tildes',
    '~~~ts\nx;\n~~~',
    ':3: expected ```ts (which is run) or ``` to open a block, got ~~~ts',
  ],
  ['a block without an end', '```ts\nx;', ':3: this block has no end'],
  ['a result in a block that is not run', '```\nx; // → 1\n```', ':4: this block prints, but is not run'],
  ['a block in HTML', '<pre>x; // → 1</pre>', ':3: expected Markdown, got HTML'],
  ['an empty output', "```ts\nconsole.log(''); // →\n```", ':4: expected output after // →, got none'],
  [
    'an output after something else',
    '```ts\nconst x = 1; // → 1\n```',
    ':4: expected // → after console.log(',
  ],
])('A page is refused for %s', (_, body, message) => {
  const reading = () => readLesson(page(body), 'page.md');
  expect(reading).toThrow(LessonError);
  expect(reading).toThrow(`page.md${message}`);
});

test('A number in a sentence that no code holds is found, and one that code above it holds, or a share in percent, is not', () => {
  const body =
    'Take 7.\n\n```ts\nconst x = 7;\nconsole.log(x / 14); // → 0.5\n```\n\nThat is 50 %, not 0.4.\n\n## Next\n\nStill 14 and 0.5.';
  expect(bareNumbers(readLesson(page(body), 'page.md'))).toEqual(['# 1. A page: 0.4', '## Next: 0.5']);
});

test('Expected output belongs to the statement above it, and late output to none', async () => {
  const body =
    '```ts\nPromise.resolve().then().then().then().then().then(() => console.log(3));\nconsole.log(1);\n// → 1\nconsole.log(2);\n```';
  const pieces = piecesOfLesson(readLesson(page(body), 'page.md'));
  expect(pieces.map(({ expected, line }) => [expected, line])).toEqual([
    [['1'], 4],
    [[], 7],
  ]);
  const printed: [string, number][] = [];
  await new Program(pieces, { file: 'page.md', print: (...line) => printed.push(line) }).run();
  expect(printed).toEqual([
    ['1', 0],
    ['2', 1],
    ['3', 2],
  ]);
});

test.each(lessons)(
  'The program of docs/lessons/%s that is written to a file is its code, whole and in order',
  (name) => {
    const lesson = readLesson(read(name), name);
    const lines = (text: string) => text.split('\n').filter((line) => !/^(\/\/ (?!→).*)?$/.test(line));
    const written = lines(programOf(lesson, name));
    expect(written).toEqual(lines(codeOf(piecesOfLesson(lesson))));
    expect(written.length).toBeGreaterThan(40);
  },
);

test.each(lessons.slice(0, 3))('That program of docs/lessons/%s prints what the page says', async (name) => {
  const lesson = readLesson(read(name), name);
  const printed: string[] = [];
  const code = programOf(lesson, name);
  await new Program([{ code, line: 1 }], { file: 'my.ts', print: (line) => printed.push(line) }).run();
  expect(printed).toEqual(piecesOfLesson(lesson).flatMap(({ expected }) => expected));
});

test('The command takes a number or a file, and says what is wrong with anything else', () => {
  expect(parseLesson(['4'])).toEqual({ what: '4', write: null });
  expect(parseLesson(['--', '4', '--write', 'my.ts'])).toEqual({ what: '4', write: 'my.ts' });
  expect(parseLesson([])).toEqual({ what: null, write: null });
  expect(() => parseLesson(['--write', 'my.ts'])).toThrow('--write: expected the number of a lesson');
  expect(() => parseLesson(['--wirte', 'my.ts'])).toThrow("unknown option '--wirte'");
  expect(() => parseLesson(['4', '5'])).toThrow('too many arguments');
});
