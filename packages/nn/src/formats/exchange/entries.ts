/** Files of several arrays: read whole or by name, with unreadable entries reported one by one. */
import { ChronogradError } from '@chronograd/tensor';
import { describeValue } from '@chronograd/tensor/engine';
import { listed, shownName } from './bounded.ts';

/** An error about a file, or about one entry of it. */
export abstract class FileError extends ChronogradError {
  /** The entry that could not be read or written. Null if the error is not about one. */
  readonly entry: string | null;

  constructor(message: string, entry: string | null = null) {
    super(message);
    this.entry = entry;
  }
}

/** Handling of entries that cannot be read. */
export interface OnUnreadable<Unreadable extends Error> {
  /**
   * Called for each entry that cannot be read, which is then left out. `error.entry` is its name.
   * Default: the first such error is thrown.
   */
  readonly onUnreadable?: (error: Unreadable) => void;
}

/** Entries by name. @throws what `get` throws, unless `onUnreadable` handles it */
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

/** Looks up an entry. @param kind what an entry is called: "tensor" @throws the error if absent */
export function entryOf<Entry>(
  entries: ReadonlyMap<string, Entry>,
  name: string,
  kind: string,
  error: (what: string, entry: string) => Error,
): Entry {
  const entry = entries.get(name);
  if (entry !== undefined) return entry;
  const names = listed([...entries.keys()].map(shownName)) || 'none';
  throw error(`the file has no ${kind} ${describeValue(name)}; it has ${names}`, name);
}

/** All parts in one array. */
export function concatBytes(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
