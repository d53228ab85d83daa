/** Runs the body of a program. Errors become one line on standard error and an exit code. */
import '../../../../scripts/node-version.mjs';
import { RunFailure, UsageError } from './errors.ts';
import { printable, printableLine, wrapForTerminal } from './sanitize-terminal.ts';
import { outputFailure, watchOutput } from './standard-output.ts';

/** The exit code of a {@link UsageError}. Other failures exit with 1. */
export const USAGE_EXIT_CODE = 2;

/**
 * Runs the body of a program and sets the exit code: 0 on success, 2 for a {@link UsageError}, 1
 * for any other error. Each error prints one line on standard error. With `--debug` among the
 * arguments its stack follows.
 *
 * If the reader of standard output closes it (`| head`), the program exits silently. If output
 * cannot be written (a full disk), it prints one line and exits with 1. A program that must save
 * first calls `onOutputLost`.
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
  // If standard error is lost, errors cannot be reported anywhere.
  process.stderr.on('error', () => {});
  try {
    await body();
    reportOutput();
  } catch (error) {
    report(error);
  }
}

/** A body that failed has reported its error and set its exit code already. */
function reportOutput(): void {
  const message = outputFailure();
  if (message === null || process.exitCode) return;
  process.exitCode = 1;
  printError(printableLine(message));
}

function report(error: unknown): void {
  const usage = error instanceof UsageError;
  const expected = usage || error instanceof RunFailure;
  const debug = process.argv.includes('--debug');
  const message = printableLine(error instanceof Error ? error.message : String(error));
  const hint = expected || debug ? '' : ' (a fault in the program; --debug shows where)';
  process.exitCode = usage ? USAGE_EXIT_CODE : 1;
  printError(message + hint);
  if (debug && error instanceof Error) process.stderr.write(`${printable(error.stack ?? '')}\n`);
}

function printError(line: string): void {
  process.stderr.write(`${wrapForTerminal(`error: ${line}`, process.stderr)}\n`);
}
