/**
 * One training at a time saves into a folder. The lock is a file in it that says which process holds it: linked into place, so that
 * it is there whole or not at all. A lock whose process has ended is cleared by whoever comes next.
 */
import { linkSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ownIdentity, type ProcessIdentity, stateOf } from './process-identity.ts';
import { UsageError } from './usage-error.ts';
import { createFile } from './written-file.ts';

const FILE = 'training.lock';

/** The lock on a folder. It goes with the process, however that ends; a killed one leaves a stale lock. */
export class FolderLock {
  readonly #folder: string;
  readonly #file: string;
  readonly #release = (): void => this.release();

  /**
   * Takes the lock.
   * @throws UsageError naming the folder and the process, where a running process holds it
   */
  constructor(folder: string) {
    this.#folder = folder;
    this.#file = join(folder, FILE);
    this.#take();
    process.on('exit', this.#release);
  }

  /**
   * Takes the lock again if its file went away, as with a folder that somebody removed.
   * @throws UsageError where another process holds it by now
   */
  hold(): void {
    if (!holdsOwn(this.#file)) this.#take();
  }

  /** Gives the lock back. May be called twice. */
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

/** @returns who holds the lock in our place; null if we do */
function acquire(file: string): ProcessIdentity | null {
  while (!created(file)) {
    const holder = holderOf(file);
    if (holder === null) pause();
    else if (!isStale(holder)) return holder;
    else {
      // One process at a time clears a stale lock, or it might clear the lock of who came first.
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

/** Puts a file that names this process in place. @returns whether the name was free */
function created(file: string): boolean {
  const words = JSON.stringify(ownIdentity());
  const own = `${file}.${process.pid}`;
  rmSync(own, { force: true });
  createFile(own, words);
  try {
    return isFree(() => linkSync(own, file));
  } catch {
    // A file system without links, or one that says why nothing can be written to it.
    return isFree(() => createFile(file, words));
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

/** The holder of a lock that names nobody. */
const NOBODY: ProcessIdentity = { pid: 0, place: '', began: '' };
/** So long a lock may name nobody because it is being written. A power cut may leave one that never will. */
const WRITTEN_WITHIN_MS = 10_000;

function isStale(holder: ProcessIdentity): boolean {
  return holder === NOBODY || stateOf(holder) === 'ended';
}

function holdsOwn(file: string): boolean {
  const own = ownIdentity();
  const holder = holderOf(file);
  return holder?.pid === own.pid && holder.place === own.place && holder.began === own.began;
}

/** Null where there is no lock any more, or it is still being written. */
function holderOf(file: string): ProcessIdentity | null {
  let made: number;
  try {
    const stat = statSync(file);
    // Reading a pipe would wait for ever.
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
  return Date.now() - made > WRITTEN_WITHIN_MS ? NOBODY : null;
}

/** The file, or the folder that it was in, is not there any more. */
const GONE: ReadonlySet<string | undefined> = new Set(['ENOENT', 'ENOTDIR']);

function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code;
}

function pause(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
}
