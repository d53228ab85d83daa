/** Where checkpoints are kept. */

/** Named bytes. Results may be promises. */
export interface CheckpointStorage {
  /** The bytes of a name; null if there are none. */
  read(name: string): Uint8Array | null | Promise<Uint8Array | null>;
  /**
   * Replaces the bytes of a name, completely or not at all. When it returns or resolves, the new
   * ones are kept even after a crash.
   */
  write(name: string, bytes: Uint8Array): void | Promise<void>;
}
