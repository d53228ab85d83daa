/**
 * Lets only one training at a time save into a folder. The lock is a file with the identity of its
 * process. A hard link puts it in place, so that it is never incomplete. The next process removes
 * the lock of a process that has ended.
 */
import { linkSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../cli/errors.ts';
import { createFile } from '../cli/write-file.ts';
import { ownIdentity, type ProcessIdentity, stateOf } from './process-identity.ts';

const FILE = 'training.lock';

/**
 * The lock of a folder. It is released when the process exits; a killed process leaves it stale.
 */
export class FolderLock {
  readonly #folder: string;
  readonly #file: string;
  readonly #release = (): void => this.release();

  /**
   * Takes the lock.
   * @throws UsageError with the folder and the process if a running process holds it
   */
  constructor(folder: string) {
    this.#folder = folder;
    this.#file = join(folder, FILE);
    this.#take();
    process.on('exit', this.#release);
  }

  /**
   * Takes the lock again if its file was removed, for example with the folder.
   * @throws UsageError if another process holds it now
   */
  hold(): void {
    if (!holdsOwn(this.#file)) this.#take();
  }

  /** Releases the lock. May be called twice. */
  release(): void {
    process.off('exit', this.#release);
    if (holdsOwn(this.#file)) rmSync(this.#file, { force: true });
  }

  #take(): void {
    const holder = acquire(this.#file);
    if (holder === null) return;
    const where = `another training saves into ${this.#folder}`;
    throw new UsageError(
      stateOf(holder) === 'running'
        ? `${where}: process ${holder.pid}; wait until it ends, or choose another folder with --save`
        : `${where}: process ${holder.pid} on ${holder.place.split(' ')[0]}, which cannot be seen from here; ` +
            `choose another folder with --save, or delete ${this.#file} if that process has ended`,
    );
  }
}

/** @returns the process that holds the lock. Null: this one does */
function acquire(file: string): ProcessIdentity | null {
  while (!created(file)) {
    const holder = holderOf(file);
    if (holder === null) pause();
    else if (!isStale(holder)) return holder;
    else {
      // Only one process may clear a stale lock. A second one could remove the new lock.
      const clearing = `${file}.clearing`;
      const other = acquire(clearing);
      if (other !== null) return other;
      const now = holderOf(file);
      if (now !== null && isStale(now)) rmSync(file, { force: true });
      rmSync(clearing, { force: true });
    }
  }
  return null;
}

/** Creates the lock file of this process. @returns false if the name exists */
function created(file: string): boolean {
  const content = JSON.stringify(ownIdentity());
  const own = `${file}.${process.pid}`;
  rmSync(own, { force: true });
  createFile(own, content);
  try {
    return isFree(() => linkSync(own, file));
  } catch {
    // The file system has no links, or nothing can be written, which this attempt reports.
    return isFree(() => createFile(file, content));
  } finally {
    rmSync(own, { force: true });
  }
}

function isFree(create: () => void): boolean {
  try {
    create();
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

/** The holder of an empty or incomplete lock file. */
const UNKNOWN: ProcessIdentity = { pid: 0, place: '', began: '' };
/** Older incomplete lock files are the remains of a power cut, not being written. */
const WRITTEN_WITHIN_MS = 10_000;

function isStale(holder: ProcessIdentity): boolean {
  return holder === UNKNOWN || stateOf(holder) === 'ended';
}

function holdsOwn(file: string): boolean {
  const own = ownIdentity();
  const holder = holderOf(file);
  return holder?.pid === own.pid && holder.place === own.place && holder.began === own.began;
}

/** Null: the lock was removed, or is still being written. */
function holderOf(file: string): ProcessIdentity | null {
  let made: number;
  try {
    const stat = statSync(file);
    // Reading a pipe would block.
    if (!stat.isFile()) throw new UsageError(`expected a file as ${file}, got another kind; delete it`);
    made = stat.mtimeMs;
    const { pid, place, began } = JSON.parse(readFileSync(file, 'utf8')) as ProcessIdentity;
    const whole = Number.isSafeInteger(pid) && typeof place === 'string' && typeof began === 'string';
    if (whole) return { pid, place, began };
  } catch (error) {
    if (GONE.has(codeOf(error))) return null;
    if (!(error instanceof SyntaxError || error instanceof TypeError)) throw error;
    made = statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
  }
  return Date.now() - made > WRITTEN_WITHIN_MS ? UNKNOWN : null;
}

/** The file or its folder does not exist. */
const GONE: ReadonlySet<string | undefined> = new Set(['ENOENT', 'ENOTDIR']);

function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code;
}

function pause(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
}
