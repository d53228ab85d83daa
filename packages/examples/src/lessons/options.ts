/** The command line of `lesson`. */
import { parse, path, program } from '../cli/command-line.ts';
import { UsageError } from '../cli/errors.ts';

/** The parsed flags. */
export interface LessonFlags {
  /** The number of a lesson, or a file to run. Null: list the lessons. */
  readonly what: string | null;
  /** The file to write the program to. Null: run it. */
  readonly write: string | null;
}

/**
 * Parses the arguments.
 * @returns null if help was requested and printed
 * @throws UsageError for unknown arguments
 */
export function parseLesson(args: readonly string[]): LessonFlags | null {
  const command = program(
    'lesson',
    'Run the program of a lesson of docs/lessons, and compare its output with the page.',
  )
    .argument('[what]', 'number of a lesson, or a .ts file from --write. Default: list the lessons')
    .option('--write <file>', 'write the program to a .ts file instead of running it', path('--write'));
  if (!parse(command, args)) return null;
  const write = (command.opts().write as string | undefined) ?? null;
  const what = command.args[0] ?? null;
  if (what === null && write !== null) throw new UsageError('--write: expected the number of a lesson too');
  return { what, write };
}
