/** Errors of the user's program, with their place in it. */

/** A place in the program, from 1. */
export interface ErrorPlace {
  readonly line: number;
  readonly column: number;
}

/** An error of the user's program. */
export class ProgramError extends Error {
  override readonly name = 'ProgramError';
  readonly place: ErrorPlace | null;

  constructor(message: string, place: ErrorPlace | null = null, options: ErrorOptions = {}) {
    super(message, options);
    this.place = place;
  }
}

/** The innermost place of one of the files in a stack of any engine. */
export function placeOf(stack: string, files: readonly string[]): ErrorPlace | null {
  const names = files.map((file) => file.replace(/[^\w]/g, '\\$&')).join('|');
  const found = stack.match(new RegExp(`(?:${names}):(\\d+):(\\d+)`));
  return found === null ? null : { line: Number(found[1]), column: Number(found[2]) };
}
