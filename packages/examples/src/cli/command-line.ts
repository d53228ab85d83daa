/** What the command lines of all programs share. */
import { nearest } from '@chronograd/tensor/engine';
import { Command, CommanderError } from 'commander';
import { UsageError } from './errors.ts';

/** The command line of a program, without its flags. */
export function program(name: string, description: string): Command {
  return new Command(name)
    .description(description)
    .configureOutput({ writeErr: () => {} })
    .exitOverride();
}

/**
 * Parses arguments.
 * @param args without the name of the program
 * @returns false if help was requested and printed
 * @throws UsageError for unknown or malformed arguments
 */
export function parse(command: Command, args: readonly string[]): boolean {
  command.option('--debug', 'print the stack of an unexpected error');
  // Package managers pass the `--` of `train -- --hidden 64` on.
  const own = args[0] === '--' ? args.slice(1) : args;
  try {
    command.parse(own, { from: 'user' });
    return true;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return false;
    const lines = error.message.replace(/^error: /, '').split('\n');
    throw new UsageError(`${lines.map((line) => line.trim().replace(/\.$/, '')).join(' ')}; see --help`);
  }
}

/** Parses a path. The empty path is invalid: file functions interpret it in different ways. */
export function path(flag: string): (typed: string) => string {
  return (typed) => {
    if (typed === '') throw new UsageError(`${flag}: expected a path, got an empty one`);
    return typed;
  };
}

/** Parses a whole number from 1 on. */
export function count(flag: string): (typed: string) => number {
  return (typed) => {
    if (/^[1-9]\d{0,8}$/.test(typed)) return Number(typed);
    throw new UsageError(`${flag} ${typed}: expected a whole number from 1 on`);
  };
}

/**
 * Parses one of several names.
 * @throws UsageError with a suggestion
 */
export function oneOf<T extends string>(
  flag: string,
  typed: string,
  names: readonly T[],
  alternative = '',
): T {
  const name = names.find((each) => each === typed);
  if (name !== undefined) return name;
  const near = nearest(typed, names);
  const suggestion = near === null ? '' : `; did you mean ${near}?`;
  throw new UsageError(`${flag} ${typed}: expected ${names.join(', ')}${alternative}${suggestion}`);
}
