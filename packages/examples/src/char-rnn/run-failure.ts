/**
 * A run that cannot go on although nobody made a mistake in the program or in its use, such as training that diverges: shown as its
 * one line, exit code 1.
 */
export class RunFailure extends Error {
  override readonly name = 'RunFailure';
}
