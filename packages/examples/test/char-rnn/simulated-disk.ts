/**
 * A disk in memory that knows what a power cut would leave: of a file that was not synced any part, of a directory that was not
 * synced any of the changes since. One directory, which is there from the start.
 */
import { basename } from 'node:path';
import type { CheckpointDisk } from '../../src/char-rnn/checkpoint-disk.ts';

/** The files in the directory, by name. */
export type Files = ReadonlyMap<string, Uint8Array>;

interface File {
  bytes: Uint8Array;
  synced: boolean;
}

type Change = (names: Map<string, File>) => void;

export class SimulatedDisk implements CheckpointDisk {
  readonly #durable = new Map<string, File>();
  #pending: Change[] = [];
  readonly #beforeEach: (operation: string) => void;

  /** @param beforeEach - called before each operation; what it throws, the operation throws */
  constructor(files: Files, beforeEach: (operation: string) => void = () => {}) {
    for (const [name, bytes] of files) this.#durable.set(name, { bytes, synced: true });
    this.#beforeEach = beforeEach;
  }

  makeDirectory(): void {
    this.#beforeEach('makeDirectory');
  }

  /** Byte by byte in effect: an interruption leaves half of the file, not synced. */
  write(path: string, bytes: Uint8Array): void {
    const file: File = { bytes: new Uint8Array(0), synced: false };
    this.#beforeEach('write');
    this.#change((names) => names.set(basename(path), file));
    file.bytes = bytes.subarray(0, bytes.length >> 1);
    this.#beforeEach('write the rest');
    file.bytes = bytes;
  }

  syncFile(path: string): void {
    this.#beforeEach('syncFile');
    const file = this.#now().get(basename(path));
    if (file === undefined) throw new Error(`sync of ${path}, which is not there`);
    file.synced = true;
  }

  rename(from: string, to: string): void {
    this.#beforeEach('rename');
    const file = this.#now().get(basename(from));
    if (file === undefined) throw new Error(`rename of ${from}, which is not there`);
    this.#change((names) => {
      names.delete(basename(from));
      names.set(basename(to), file);
    });
  }

  syncDirectory(): void {
    this.#beforeEach('syncDirectory');
    for (const change of this.#pending) change(this.#durable);
    this.#pending = [];
  }

  list(): readonly string[] {
    return [...this.#now().keys()];
  }

  remove(path: string): void {
    this.#beforeEach('remove');
    this.#change((names) => names.delete(basename(path)));
  }

  /** What a killed process leaves: everything it had done. */
  afterKill(): Files {
    return new Map([...this.#now()].map(([name, { bytes }]) => [name, bytes]));
  }

  /** Everything that a power cut may leave. */
  *afterPowerCut(): Generator<Files> {
    for (let subset = 0; subset < 2 ** this.#pending.length; subset++) {
      const names = new Map(this.#durable);
      this.#pending.forEach((change, i) => {
        if (subset & (1 << i)) change(names);
      });
      for (const part of [0, 0.5, 1]) {
        yield new Map(
          [...names].map(([name, { bytes, synced }]) => [
            name,
            synced ? bytes : bytes.subarray(0, Math.floor(bytes.length * part)),
          ]),
        );
      }
    }
  }

  #now(): Map<string, File> {
    const names = new Map(this.#durable);
    for (const change of this.#pending) change(names);
    return names;
  }

  #change(change: Change): void {
    this.#pending.push(change);
  }
}
