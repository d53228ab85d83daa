/**
 * The directory of a run. A run never overwrites the model of another run: neither one that was
 * saved there before, nor one that trains at the same time.
 */
import { join } from 'node:path';
import { fileError } from '../cli/read-file.ts';
import { type Disk, makeDirectory, nodeDisk } from '../cli/write-file.ts';
import { removeIfPossible, STATE_FILE, TENSORS_NAME } from './checkpoint-files.ts';
import { FolderLock } from './folder-lock.ts';
import { saveRun } from './saved-run.ts';
import type { Trainer } from './trainer.ts';

export class ModelDirectory {
  readonly path: string;
  readonly #lock: FolderLock;
  /** Whether a model in the directory belongs to this run. */
  #own: boolean;

  /**
   * Makes the directory if it does not exist, and locks it until it is closed.
   * @param own whether the directory holds the run that is resumed
   * @throws UsageError before training if saving would fail, or another training saves there
   */
  constructor(path: string, own: boolean) {
    this.path = path;
    this.#own = own;
    this.#lock = this.#attempt(() => {
      makeDirectory(path);
      return new FolderLock(path);
    });
  }

  /**
   * Saves a run.
   * @returns where the model of another run, found in the directory, was copied to. Null: there was
   * none
   * @throws UsageError if writing fails; the saved run is then still intact
   */
  save(trainer: Trainer): string | null {
    const earlier = this.#attempt(() => {
      // The directory may have been removed during training.
      makeDirectory(this.path);
      this.#lock.hold();
      return this.#own ? null : keepEarlierRun(this.path);
    });
    this.#own = true;
    saveRun(this.path, trainer);
    return earlier;
  }

  /** Releases the lock. May be called twice. */
  close(): void {
    this.#lock.release();
  }

  #attempt<R>(work: () => R): R {
    try {
      return work();
    } catch (error) {
      throw fileError(error, `the model directory ${this.path}`, 'write');
    }
  }
}

/** The files of `train --plot`: `training.svg` and the like. */
const PLOT_NAME = /^training\.(json|(dark\.)?(svg|png))$/;

/**
 * Copies a saved run into a folder inside its own, and thus on the same disk, durably: `earlier-1`,
 * or the first free number. Moves its plots there: they would not match the new model.
 * @returns the folder. Null: there is no saved run
 */
export function keepEarlierRun(directory: string, disk: Disk = nodeDisk): string | null {
  const names = disk.list(directory);
  if (!names.includes(STATE_FILE)) return null;
  let number = 1;
  while (names.includes(`earlier-${number}`)) number++;
  const folder = join(directory, `earlier-${number}`);
  const plots = names.filter((name) => PLOT_NAME.test(name));
  try {
    disk.makeDirectory(folder);
    // The state is last: a folder without it is not a saved run, wherever this is interrupted.
    for (const name of [...names.filter((each) => TENSORS_NAME.test(each)), ...plots, STATE_FILE]) {
      disk.copy(join(directory, name), join(folder, name));
      disk.syncFile(join(folder, name));
      disk.syncDirectory(folder);
    }
  } catch (error) {
    removeIfPossible(disk, folder);
    throw error;
  }
  for (const name of plots) disk.remove(join(directory, name));
  return folder;
}
