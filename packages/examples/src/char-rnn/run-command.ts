/** The outermost frame of a program: what is thrown becomes one line on standard error and an exit code. */
import '../../../../scripts/node-version.mjs';
import { fitting, printable, printableLine } from './printable.ts';
import { RunFailure } from './run-failure.ts';
import { outputFailure, watchOutput } from './standard-output.ts';
import { UsageError } from './usage-error.ts';

/** The exit code for a mistake in use; any other failure's is 1. */
export const USAGE_EXIT_CODE = 2;

/**
 * Runs a program's body and sets the exit code: 0 where it ends, 2 after a {@link UsageError}, 1 after anything else. Each failure
 * is one line on standard error; with `--debug` among the arguments the stack follows. A reader of standard output that goes
 * away (`| head`) ends the program quietly, output that cannot be written (a full disk) with one line and 1. A program that has
 * something to save asks to be told first: see {@link whenOutputIsLost}.
 */
export async function runCommand(body: () => void | Promise<void>): Promise<void> {
  process.on('uncaughtException', (error) => {
    report(error);
    process.exit();
  });
  watchOutput(() => {
    reportOutput();
    process.exit();
  });
  // Where standard error is lost there is no place left to say so.
  process.stderr.on('error', () => {});
  try {
    await body();
    reportOutput();
  } catch (error) {
    report(error);
  }
}

/** A body that went wrong has told its own story, and has its own exit code. */
function reportOutput(): void {
  const message = outputFailure();
  if (message === null || process.exitCode) return;
  process.exitCode = 1;
  process.stderr.write(`${fitting(`error: ${printableLine(message)}`, process.stderr)}\n`);
}

function report(error: unknown): void {
  const usage = error instanceof UsageError;
  const expected = usage || error instanceof RunFailure;
  const debug = process.argv.includes('--debug');
  const message = printableLine(error instanceof Error ? error.message : String(error));
  const hint = expected || debug ? '' : ' (a fault in the program; --debug shows where)';
  process.exitCode = usage ? USAGE_EXIT_CODE : 1;
  process.stderr.write(`${fitting(`error: ${message}${hint}`, process.stderr)}\n`);
  if (debug && error instanceof Error) process.stderr.write(`${printable(error.stack ?? '')}\n`);
}
