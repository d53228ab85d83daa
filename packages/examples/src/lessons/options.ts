/** The command line of `lesson`. */
import { parse, path, program } from '../cli/command-line.ts';
import { UsageError } from '../cli/errors.ts';

/** What was typed. */
export interface LessonFlags {
  /** The number of a lesson, or a file to run; `null` where nothing was named. */
  readonly what: string | null;
  /** Where the program goes, in place of being run. */
  readonly write: string | null;
}

/** Reads the arguments. `null`: help was asked for, and printed. @throws UsageError for anything unknown */
export function parseLesson(args: readonly string[]): LessonFlags | null {
  const command = program(
    'lesson',
    'Run the program of a lesson of docs/lessons, and hold what it prints against the page.',
  )
    .argument(
      '[what]',
      'the number of a lesson, or a .ts file that --write made; without it, the list of lessons',
    )
    .option(
      '--write <file>',
      'write the program to a .ts file to play with, and do not run it',
      path('--write'),
    );
  if (!parse(command, args)) return null;
  const write = (command.opts().write as string | undefined) ?? null;
  const what = command.args[0] ?? null;
  if (what === null && write !== null) throw new UsageError('--write goes with the number of a lesson');
  return { what, write };
}
