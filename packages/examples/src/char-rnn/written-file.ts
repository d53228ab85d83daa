/** Writing files: whole or not at all, and never through a symbolic link that somebody put in the way. */
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, resolve } from 'node:path';

/**
 * Creates a file. The creation is exclusive: it fails with EEXIST where the name is taken, by a symbolic link too. Nothing stays
 * of a file whose bytes cannot be written, as on a full disk.
 */
export function createFile(file: string, bytes: Uint8Array | string): void {
  const descriptor = openSync(file, 'wx');
  try {
    writeFileSync(descriptor, bytes);
  } catch (error) {
    rmSync(file, { force: true });
    throw error;
  } finally {
    closeSync(descriptor);
  }
}

/** Puts a file in the place of whatever has its name: whole, or not at all. A symbolic link is replaced, not followed. */
export function replaceFile(file: string, bytes: Uint8Array | string): void {
  const temporary = `${file}.tmp`;
  rmSync(temporary, { force: true });
  createFile(temporary, bytes);
  try {
    renameSync(temporary, file);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

/**
 * Makes a directory and those above it, durably; content where it is there already. Not by Node's recursive mkdir, which says "no
 * such file" of a read-only disk, and never returns below /proc.
 */
export function makeDirectory(directory: string): void {
  try {
    mkdirSync(directory);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const parent = dirname(resolve(directory));
    if (code === 'ENOENT' && statSync(parent, { throwIfNoEntry: false }) === undefined) {
      makeDirectory(parent);
      return makeDirectory(directory);
    }
    if (code === 'EEXIST' && statSync(directory).isDirectory()) return;
    throw error;
  }
  syncDirectory(dirname(resolve(directory)));
}

/** Returns when the names in a directory are on the disk. */
export function syncDirectory(directory: string): void {
  // Windows cannot open a directory; its file systems keep the order of renames themselves.
  if (process.platform !== 'win32') sync(directory, 'r');
}

/** Returns when a file's bytes are on the disk. */
export function syncFile(file: string): void {
  sync(file, 'r+');
}

function sync(path: string, mode: 'r' | 'r+'): void {
  const descriptor = openSync(path, mode);
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
