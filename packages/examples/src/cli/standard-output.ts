/** Detects that standard output was lost: its reader ended (`| head`), or the disk is full. */
import { fileError } from './read-file.ts';

/** Why output was lost. Null: it works. */
let failure: NodeJS.ErrnoException | null = null;
const listeners = new Set<() => void>();

/**
 * Calls `stop` when standard output is lost, instead of ending the process. Use it in programs that
 * must save first. Later output is dropped.
 * @returns a function that removes the listener
 */
export function onOutputLost(stop: () => void): () => void {
  listeners.add(stop);
  return () => listeners.delete(stop);
}

/**
 * Watches standard output.
 * @param end ends the process; called if there is no listener
 */
export function watchOutput(end: () => void): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (failure !== null) return;
    failure = error;
    if (listeners.size === 0) end();
    for (const stop of listeners) stop();
  });
}

/**
 * Why standard output cannot be written. Null: it can, or its reader closed it, which is no error.
 */
export function outputFailure(): string | null {
  if (failure === null || failure.code === 'EPIPE') return null;
  return (fileError(failure, 'standard output', 'write') as Error).message;
}
