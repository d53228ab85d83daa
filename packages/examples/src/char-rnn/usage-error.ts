/**
 * A mistake of whoever runs the program, or something about their machine that they can cure: shown as its one line, exit code 2.
 * Anything else that is thrown is a mistake of ours.
 */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
