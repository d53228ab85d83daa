/** Standard output that goes away: a reader that ends (`| head`), a full disk. */
import { fileError } from './regular-file.ts';

/** What ended it; null while it is well. */
let failure: NodeJS.ErrnoException | null = null;
const listeners = new Set<() => void>();

/**
 * Calls `stop` once standard output is lost, in place of ending the process: for programs that have something to save. What they
 * write afterwards is dropped.
 * @returns what takes that back
 */
export function whenOutputIsLost(stop: () => void): () => void {
  listeners.add(stop);
  return () => listeners.delete(stop);
}

/**
 * Watches standard output.
 * @param end ends the process; called where nobody else takes care
 */
export function watchOutput(end: () => void): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (failure !== null) return;
    failure = error;
    if (listeners.size === 0) end();
    for (const stop of listeners) stop();
  });
}

/** Why standard output cannot be written, as a sentence; null while it can, or where its reader has gone, which is no mistake. */
export function outputFailure(): string | null {
  if (failure === null || failure.code === 'EPIPE') return null;
  return (fileError(failure, 'standard output', 'write') as Error).message;
}
