/**
 * A disk in memory that knows what a power cut would leave: of a file that was not synced any part,
 * of a directory that was not synced any of the changes since. The directory `dir` is there from
 * the start.
 */
import { dirname } from 'node:path';
import type { Disk } from '../../src/cli/write-file.ts';

/** The files in the directory, by their paths in it. */
export type Files = ReadonlyMap<string, Uint8Array>;

interface File {
  bytes: Uint8Array;
  synced: boolean;
}

/** Files and directories by their paths. */
type Names = Map<string, File | 'directory'>;

interface Change {
  /** The directory that is changed. */
  readonly directory: string;
  readonly make: (names: Names) => void;
}

const ROOT = 'dir';

export class SimulatedDisk implements Disk {
  readonly #durable: Names = new Map([[ROOT, 'directory']]);
  #pending: Change[] = [];
  readonly #beforeEach: (operation: string) => void;

  /** @param beforeEach - called before each operation; what it throws, the operation throws */
  constructor(files: Files, beforeEach: (operation: string) => void = () => {}) {
    for (const [name, bytes] of files) {
      this.#durable.set(dirname(`${ROOT}/${name}`), 'directory');
      this.#durable.set(`${ROOT}/${name}`, { bytes, synced: true });
    }
    this.#beforeEach = beforeEach;
  }

  makeDirectory(directory: string): void {
    this.#beforeEach('makeDirectory');
    if (this.#now().has(directory)) return;
    this.#change(directory, (names) => names.set(directory, 'directory'));
    this.syncDirectory(dirname(directory));
  }

  /** Byte by byte in effect: an interruption leaves half of the file, not synced. */
  create(path: string, bytes: Uint8Array): void {
    const file: File = { bytes: new Uint8Array(0), synced: false };
    this.#beforeEach('create');
    const names = this.#now();
    if (names.has(path) || !names.has(dirname(path))) throw new Error(`create of ${path}, which cannot be`);
    this.#change(path, (now) => now.set(path, file));
    file.bytes = bytes.subarray(0, bytes.length >> 1);
    this.#beforeEach('write the rest');
    file.bytes = bytes;
  }

  copy(from: string, to: string): void {
    this.create(to, this.#file(from).bytes);
  }

  syncFile(path: string): void {
    this.#beforeEach('syncFile');
    this.#file(path).synced = true;
  }

  rename(from: string, to: string): void {
    this.#beforeEach('rename');
    const file = this.#file(from);
    this.#change(from, (names) => {
      names.delete(from);
      names.set(to, file);
    });
  }

  syncDirectory(directory: string): void {
    this.#beforeEach('syncDirectory');
    for (const change of this.#pending) if (change.directory === directory) change.make(this.#durable);
    this.#pending = this.#pending.filter((change) => change.directory !== directory);
  }

  list(directory: string): readonly string[] {
    const inside = [...this.#now().keys()].filter((path) => dirname(path) === directory);
    return inside.map((path) => path.slice(directory.length + 1));
  }

  remove(path: string): void {
    this.#beforeEach('remove');
    this.#change(path, (names) => {
      for (const each of [...names.keys()])
        if (each === path || each.startsWith(`${path}/`)) names.delete(each);
    });
  }

  /** What a killed process leaves: everything it had done. */
  afterKill(): Files {
    return filesOf(this.#now());
  }

  /** Everything that a power cut may leave. */
  *afterPowerCut(): Generator<Files> {
    for (let subset = 0; subset < 2 ** this.#pending.length; subset++) {
      const names = new Map(this.#durable);
      this.#pending.forEach(({ make }, i) => {
        if (subset & (1 << i)) make(names);
      });
      for (const part of [0, 0.5, 1]) yield filesOf(names, part);
    }
  }

  #file(path: string): File {
    const file = this.#now().get(path);
    if (file === undefined || file === 'directory') throw new Error(`${path} is no file that is there`);
    return file;
  }

  #now(): Names {
    const names = new Map(this.#durable);
    for (const { make } of this.#pending) make(names);
    return names;
  }

  #change(path: string, make: Change['make']): void {
    this.#pending.push({ directory: dirname(path), make });
  }
}

/**
 * Those files that can be found from the root.
 * @param part how much there is of a file that was not synced
 */
function filesOf(names: Names, part: number = 1): Files {
  const reached = (path: string): boolean => path === ROOT || (names.has(path) && reached(dirname(path)));
  const files = new Map<string, Uint8Array>();
  for (const [path, file] of names) {
    if (file === 'directory' || !reached(path)) continue;
    const { bytes, synced } = file;
    files.set(
      path.slice(ROOT.length + 1),
      synced ? bytes : bytes.subarray(0, Math.floor(bytes.length * part)),
    );
  }
  return files;
}
