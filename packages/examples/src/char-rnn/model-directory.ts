/** Where a run is saved. A run never costs another one's model: neither one saved there before, nor one that trains beside it. */
import { keepEarlier } from './earlier-run.ts';
import { FolderLock } from './folder-lock.ts';
import { fileError } from './regular-file.ts';
import { saveRun } from './saved-run.ts';
import type { Trainer } from './trainer.ts';
import { makeDirectory } from './written-file.ts';

export class ModelDirectory {
  readonly path: string;
  readonly #lock: FolderLock;
  /** Whether the model that is in the directory, if there is one, is this very run's. */
  #own: boolean;

  /**
   * Makes the directory where it is missing, and locks it until it is closed.
   * @param own - whether the run saved there is the one that goes on
   * @throws UsageError if nothing can be saved there, or another training saves there: better now than after hours of training
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
   * @returns where another run's model, found in the directory, has been copied to; null if there was none
   * @throws UsageError if the disk refuses; what was saved before is then still whole
   */
  save(trainer: Trainer): string | null {
    const earlier = this.#attempt(() => {
      // Somebody may have removed the directory meanwhile.
      makeDirectory(this.path);
      this.#lock.hold();
      return this.#own ? null : keepEarlier(this.path);
    });
    this.#own = true;
    saveRun(this.path, trainer);
    return earlier;
  }

  /** Lets other trainings save here. May be called twice. */
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
