/** The errors that a program reports in one line. Any other error is a bug in the program. */

/** Invalid input, or a problem of the machine that the user can fix. Exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/**
 * A run that cannot continue although its input is valid, such as diverged training. Exit code 1.
 */
export class RunFailure extends Error {
  override readonly name = 'RunFailure';
}
