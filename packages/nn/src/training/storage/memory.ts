/** Checkpoints in memory, for tests and for runs that end with the program. */
import type { CheckpointStorage } from './storage.ts';

/** Storage in memory. */
export function memoryStorage(): CheckpointStorage {
  const files = new Map<string, Uint8Array>();
  return {
    read: (name) => files.get(name)?.slice() ?? null,
    write: (name, bytes) => void files.set(name, bytes.slice()),
  };
}
