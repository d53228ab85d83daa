/**
 * `lesson`: runs the program of a lesson and compares its output with the page, or writes it to a
 * file.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { RunFailure, UsageError } from '../cli/errors.ts';
import { fileError, readRegularFile } from '../cli/read-file.ts';
import { runCommand } from '../cli/run-command.ts';
import { createFile } from '../cli/write-file.ts';
import { type LessonFlags, parseLesson } from './options.ts';
import { type Lesson, piecesOfLesson, plain, programOf, readLesson } from './page.ts';
import { Program } from './run.ts';

const FOLDER = fileURLToPath(new URL('../../../../docs/lessons/', import.meta.url));
const COMMAND = 'npx -y pnpm@10.34.9 lesson';

await runCommand(async () => {
  const flags = parseLesson(process.argv.slice(2));
  if (flags !== null) await lesson(flags);
});

async function lesson({ what, write }: LessonFlags): Promise<void> {
  const files = readdirSync(FOLDER)
    .filter((name) => /^\d+-.*\.md$/.test(name))
    .sort((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10));
  if (what === null) return contents(files);
  if (what.endsWith('.ts')) return play(what, write);
  const file = files.find((name) => name.startsWith(`${what}-`));
  if (file === undefined)
    throw new UsageError(`lesson ${what}: expected a number from 1 to ${files.length}, or a .ts file`);
  const read = readLesson(readFileSync(`${FOLDER}${file}`, 'utf8'), file);
  if (write === null) await show(read, `docs/lessons/${file}`);
  else save(read, file, write);
}

function contents(files: readonly string[]): void {
  for (const file of files) say(readLesson(readFileSync(`${FOLDER}${file}`, 'utf8'), file).title);
  say(`\nRun one:               ${COMMAND} 4`);
  say(`Write one to a file:   ${COMMAND} 4 --write my4.ts`);
}

/** Runs a lesson. Marks lines that differ from the page; the exit code is then 1. */
async function show(read: Lesson, file: string): Promise<void> {
  say(`${read.title}: what ${file} prints`);
  const pieces = piecesOfLesson(read);
  const headings = read.sections.flatMap(({ heading, blocks }) => blocks.flat().map(() => heading));
  const printed: number[] = [...pieces.map(() => 0), 0];
  let [heading, differ] = ['', 0];
  const print = (line: string, piece: number): void => {
    if (headings[piece] !== heading) {
      heading = headings[piece] ?? 'After the last statement';
      say(`\n${plain(heading)}`);
    }
    const expected = pieces[piece]?.expected[printed[piece]!++];
    if (line !== expected) differ++;
    say(line === expected ? `  ${line}` : `  ${line}    <- expected: ${expected ?? 'nothing'}`);
  };
  await new Program(pieces, { file, print }).run();
  const lines = printed.reduce((a, b) => a + b);
  const missing = pieces.reduce(
    (sum, { expected }, k) => sum + Math.max(0, expected.length - printed[k]!),
    0,
  );
  say(
    differ + missing === 0
      ? `\nAll ${lines} lines are as expected.`
      : `\n${differ} of ${lines} lines differ from the page, and ${missing} are missing.`,
  );
  if (differ + missing > 0) process.exitCode = 1;
}

function save(read: Lesson, name: string, file: string): void {
  if (!file.endsWith('.ts')) throw new UsageError(`--write ${file}: expected a file that ends in .ts`);
  try {
    createFile(file, programOf(read, name));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST')
      throw new UsageError(`--write ${file}: the file exists`);
    throw fileError(error, file, 'write');
  }
  say(`Wrote ${file}. Change it, and run it: ${COMMAND} ${file}`);
}

async function play(file: string, write: string | null): Promise<void> {
  if (write !== null) throw new UsageError('--write: expected the number of a lesson, not a file');
  if (!existsSync(file))
    throw new UsageError(`${file}: no such file; ${COMMAND} 4 --write ${file} makes one`);
  const code = readRegularFile(file, 'the program').toString();
  Error.stackTraceLimit = 100; // an error may be deep in the library
  const program = new Program([{ code, line: 1 }], { file, print: say, load: createRequire(resolve(file)) });
  // Also reports errors of timers and unawaited promises with file and line.
  process.prependListener('uncaughtException', (error) => {
    if (!(error instanceof RunFailure)) process.emit('uncaughtException', program.failure(error));
  });
  await program.run();
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
