import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { RunFailure } from '../../src/cli/errors.ts';
import { Program } from '../../src/lessons/run.ts';
import { newFolder } from '../char-rnn/folder.ts';

const failing = async (code: string): Promise<unknown> => {
  try {
    await new Program([{ code, line: 1 }], { file: 'my.ts', print: () => {} }).run();
  } catch (error) {
    return error;
  }
  return null;
};

/** Types and comments, which esbuild drops or prints differently, precede each mistake. */
const ABOVE =
  '// a comment\ninterface Pair {\n  readonly a: number;\n}\ntype Name = string;\nconst p: Pair = { a: 1 };\n';

test.each([
  ['what is thrown', "throw new Error('mine');", 'my.ts:7:7: Error: mine'],
  [
    'what a function throws',
    "function f(): void {\n  throw new TypeError('mine');\n}\nf();",
    'my.ts:8:9: TypeError: mine',
  ],
  ['what is no error', "throw 'text';", 'my.ts: text was thrown'],
  [
    'an unknown package',
    "import 'chronograd';",
    'my.ts:7:8: Error: expected one of @chronograd/autograd, @chronograd/nn',
  ],
  ['invalid code', 'const x: number = ;', 'my.ts:7:19: SyntaxError: Unexpected ";"'],
  ['top-level await', 'console.log(1);\nawait Promise.resolve(p);', 'my.ts:8:1: await at the top level'],
])('%s is reported with its line', async (_, code, message) => {
  const error = await failing(`${ABOVE}${code}\n`);
  expect(error).toBeInstanceOf(RunFailure);
  expect((error as Error).message).toContain(message);
  expect((error as Error).message.startsWith('my.ts:')).toBe(true);
});

test('A mistake in a block of a page is reported with the line of the page', async () => {
  const stretches = [
    { code: 'const x = 1;\nconsole.log(x);\n', line: 5 },
    { code: 'console.log(x);\nnull.x;\n', line: 7 },
  ];
  const program = new Program(stretches, { file: 'page.md', print: () => {} });
  await expect(program.run()).rejects.toThrow(/^page\.md:8:6: TypeError/);
});

const PROGRAM = fileURLToPath(new URL('../../dist/lessons/lesson.js', import.meta.url));
const lesson = (cwd: string, ...args: string[]): Promise<[code: unknown, said: string]> =>
  new Promise((resolve) => {
    execFile(process.execPath, [PROGRAM, ...args], { cwd }, (error, _, said) => resolve([error?.code, said]));
  });

test.concurrent('What the library throws is reported with the line that called it, late errors too, and invalid files by name', async () => {
  const folder = newFolder();
  mkdirSync(join(folder, 'folder.ts'));
  writeFileSync(
    join(folder, 'timer.ts'),
    "type A = 1;\nsetTimeout(() => {\n  throw new Error('late');\n}, 1);\n",
  );
  writeFileSync(
    join(folder, 'promise.ts'),
    "type A = 1;\nasync function f() {\n  throw new Error('late');\n}\nf();\n",
  );
  const deep =
    "import { tensor } from '@chronograd/tensor';\ntype A = 1;\ntensor([1]).matmul(tensor([1, 2]));\n";
  writeFileSync(join(folder, 'deep.ts'), deep);
  const [inLibrary, timer, promise, directory, nowhere] = await Promise.all([
    lesson(folder, 'deep.ts'),
    lesson(folder, 'timer.ts'),
    lesson(folder, 'promise.ts', '--debug'),
    lesson(folder, 'folder.ts'),
    lesson(folder, '4', '--write', 'nowhere/my.ts'),
  ]);
  expect(inLibrary).toEqual([1, expect.stringContaining('error: deep.ts:3:13: ShapeError: matmul')]);
  expect(timer).toEqual([1, 'error: timer.ts:3:9: Error: late\n']);
  expect(promise).toEqual([
    1,
    expect.stringMatching(
      /^error: promise\.ts:3:9: Error: late\nError: late\n {4}at f \(promise\.ts:3:9\)\n/,
    ),
  ]);
  expect(directory).toEqual([2, 'error: the program folder.ts: expected a file, got a directory\n']);
  expect(nowhere).toEqual([2, 'error: cannot write nowhere/my.ts: no such file or directory\n']);
});
