/** Files of many arrays: read whole or by name, with entries that cannot be read reported one by one. */
import { describeValue } from '@chronograd/tensor/engine';
import { listed, shownName } from './bounded.ts';

/** What to do with an entry that cannot be read. */
export interface OnUnreadable<Unreadable extends Error> {
  /**
   * Called for each entry that cannot be read, which is then left out; `error.entry` is its name. Default: the first such error is thrown.
   */
  readonly onUnreadable?: (error: Unreadable) => void;
}

/** Every entry by its name. @throws what `get` throws, unless it is an `Unreadable` and `onUnreadable` takes it */
export function readAll<Result, Unreadable extends Error>(
  names: readonly string[],
  get: (name: string) => Result,
  unreadable: abstract new (...args: never) => Unreadable,
  onUnreadable: ((error: Unreadable) => void) | undefined,
): ReadonlyMap<string, Result> {
  const results = new Map<string, Result>();
  for (const name of names) {
    try {
      results.set(name, get(name));
    } catch (error) {
      if (onUnreadable === undefined || !(error instanceof unreadable)) throw error;
      onUnreadable(error);
    }
  }
  return results;
}

/** The message for a name that a file does not have. */
export function noEntry(kind: string, name: string, names: readonly string[]): string {
  return `the file has no ${kind} ${describeValue(name)}; it has ${listed(names.map(shownName)) || 'none'}`;
}
