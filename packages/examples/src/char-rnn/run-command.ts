/** The outermost frame of a program: what is thrown becomes one line on standard error and an exit code. */
import '../../../../scripts/node-version.mjs';
import { printableLine } from './printable.ts';
import { fileError } from './regular-file.ts';
import { RunFailure } from './run-failure.ts';
import { UsageError } from './usage-error.ts';

/** The exit code for a mistake in use; any other failure's is 1. */
export const USAGE_EXIT_CODE = 2;

/**
 * Runs a program's body and sets the exit code: 0 where it ends, 2 after a {@link UsageError}, 1 after anything else. Each failure
 * is one line on standard error; with `--debug` among the arguments the stack follows. A reader of standard output that goes
 * away (`| head`) ends the program quietly.
 */
export async function runCommand(body: () => void | Promise<void>): Promise<void> {
  const fail = (error: unknown): void => {
    report(error);
    process.exit();
  };
  process.on('uncaughtException', fail);
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') process.exit(0);
      fail(fileError(error, 'to the standard streams', 'write'));
    });
  }
  try {
    await body();
  } catch (error) {
    report(error);
  }
}

function report(error: unknown): void {
  const usage = error instanceof UsageError;
  const expected = usage || error instanceof RunFailure;
  const debug = process.argv.includes('--debug');
  const message = printableLine(error instanceof Error ? error.message : String(error));
  const hint = expected || debug ? '' : ' (a fault in the program; --debug shows where)';
  process.exitCode = usage ? USAGE_EXIT_CODE : 1;
  process.stderr.write(`error: ${message}${hint}\n`);
  if (debug && error instanceof Error) process.stderr.write(`${error.stack ?? ''}\n`);
}
