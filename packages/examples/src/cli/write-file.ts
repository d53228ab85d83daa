/** Writes files completely or not at all, and never through a symbolic link in their place. */
import {
  closeSync,
  constants,
  copyFileSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, resolve } from 'node:path';

/**
 * Creates a file. Fails with EEXIST if the name exists, even as a symbolic link. If the bytes
 * cannot be written (a full disk), the file is removed.
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

/** Creates or replaces a file, in one rename. A symbolic link is replaced, not followed. */
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
 * Makes a directory and its parents, durably, unless it exists. Node's recursive mkdir reports "no
 * such file" for a read-only disk and never returns below /proc.
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

/** Flushes the names in a directory to disk. */
export function syncDirectory(directory: string): void {
  // Windows cannot open a directory; its file systems keep the order of renames.
  if (process.platform !== 'win32') sync(directory, 'r');
}

/** Flushes the bytes of a file to disk. */
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

/** The operations that saving needs. Tests stop after any of them. */
export interface Disk {
  /** Makes a directory and its parents, durably, unless it exists. */
  makeDirectory(directory: string): void;
  /** Creates a file. Fails if the name exists. */
  create(file: string, bytes: Uint8Array): void;
  /** Copies a file. Fails if the name exists. */
  copy(from: string, to: string): void;
  /** Flushes the bytes of a file to disk. */
  syncFile(file: string): void;
  /** Replaces one name by another, atomically. */
  rename(from: string, to: string): void;
  /** Flushes the names in a directory to disk. */
  syncDirectory(directory: string): void;
  list(directory: string): readonly string[];
  /** Removes a file, or a directory with its content, if it exists. */
  remove(path: string): void;
}

/** The disk of this machine. */
export const nodeDisk: Disk = {
  makeDirectory,
  create: createFile,
  copy: (from, to) => copyFileSync(from, to, constants.COPYFILE_EXCL),
  syncFile,
  rename: renameSync,
  syncDirectory,
  list: (directory) => readdirSync(directory),
  remove: (path) => rmSync(path, { recursive: true, force: true }),
};
