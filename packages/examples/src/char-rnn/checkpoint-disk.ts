/** What saving asks of a disk, one operation each, so that a test can stop after any of them. */
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, resolve } from 'node:path';

export interface CheckpointDisk {
  /** Makes a directory and those above it, durably; content where it is there already. */
  makeDirectory(directory: string): void;
  write(file: string, bytes: Uint8Array): void;
  /** Returns when the file's bytes are on the disk. */
  syncFile(file: string): void;
  /** Puts one name in the place of another, in one step. */
  rename(from: string, to: string): void;
  /** Returns when the names in the directory are on the disk. */
  syncDirectory(directory: string): void;
  list(directory: string): readonly string[];
  remove(file: string): void;
}

/** The machine's own. */
export const nodeDisk: CheckpointDisk = {
  makeDirectory(directory) {
    const first = mkdirSync(directory, { recursive: true });
    if (first === undefined) return;
    // From the deepest new directory up to the old one that holds the first: each must know its child.
    const top = dirname(resolve(first));
    for (let at = resolve(directory); at !== top; ) {
      at = dirname(at);
      this.syncDirectory(at);
    }
  },
  write: (file, bytes) => writeFileSync(file, bytes),
  syncFile: (file) => sync(file, 'r+'),
  rename: renameSync,
  syncDirectory(directory) {
    // Windows cannot open a directory; its file systems keep the order of renames themselves.
    if (process.platform !== 'win32') sync(directory, 'r');
  },
  list: (directory) => readdirSync(directory),
  remove: (file) => rmSync(file, { force: true }),
};

function sync(path: string, mode: 'r' | 'r+'): void {
  const descriptor = openSync(path, mode);
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
