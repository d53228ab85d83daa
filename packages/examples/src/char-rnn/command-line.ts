/** What the command lines of all programs have in common. */
import { nearest } from '@chronograd/tensor/engine';
import { Command, CommanderError } from 'commander';
import { UsageError } from './usage-error.ts';

/** A program's command line, without its own flags. */
export function program(name: string, description: string): Command {
  return new Command(name)
    .description(description)
    .configureOutput({ writeErr: () => {} })
    .exitOverride();
}

/**
 * Reads arguments, the program's own name not among them.
 * @returns whether there is something to do; false where help was asked for, and printed
 * @throws UsageError for anything unknown or malformed
 */
export function parse(command: Command, args: readonly string[]): boolean {
  command.option('--debug', 'print the stack of an unexpected error');
  // A leading `--` is what a package manager leaves of `train -- --hidden 64`.
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

/** Refuses the empty path: the file functions would take it for something else, or complain about it in their own words. */
export function path(flag: string): (typed: string) => string {
  return (typed) => {
    if (typed === '') throw new UsageError(`${flag}: expected a path, got an empty one`);
    return typed;
  };
}

/**
 * One of a few names.
 * @throws UsageError with the nearest name
 */
export function oneOf(flag: string, typed: string, names: readonly string[], orElse = ''): string {
  if (names.includes(typed)) return typed;
  const near = nearest(typed, names);
  const cure = near === null ? '' : `; did you mean ${near}?`;
  throw new UsageError(`${flag} ${typed}: expected ${names.join(', ')}${orElse}${cure}`);
}
