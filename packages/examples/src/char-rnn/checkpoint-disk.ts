/** What saving asks of a disk, one operation each, so that a test can stop after any of them. */
import { constants, copyFileSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { createFile, makeDirectory, syncDirectory, syncFile } from './written-file.ts';

export interface CheckpointDisk {
  /** Makes a directory and those above it, durably; content where it is there already. */
  makeDirectory(directory: string): void;
  /** Creates a file; fails where the name is taken. */
  create(file: string, bytes: Uint8Array): void;
  /** Copies a file; fails where the name is taken. */
  copy(from: string, to: string): void;
  /** Returns when the file's bytes are on the disk. */
  syncFile(file: string): void;
  /** Puts one name in the place of another, in one step. */
  rename(from: string, to: string): void;
  /** Returns when the names in the directory are on the disk. */
  syncDirectory(directory: string): void;
  list(directory: string): readonly string[];
  /** Takes a file away, or a directory with all that is in it; content where it is not there. */
  remove(path: string): void;
}

/** The machine's own. */
export const nodeDisk: CheckpointDisk = {
  makeDirectory,
  create: createFile,
  copy: (from, to) => copyFileSync(from, to, constants.COPYFILE_EXCL),
  syncFile,
  rename: renameSync,
  syncDirectory,
  list: (directory) => readdirSync(directory),
  remove: (path) => rmSync(path, { recursive: true, force: true }),
};
