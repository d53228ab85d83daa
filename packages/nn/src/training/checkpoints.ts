/** Writing and reading the checkpoints of a run. */
import { ValueError } from '@chronograd/tensor';
import type { FitCheckpoint } from './options.ts';
import { decodeSnapshot, encodeSnapshot, type FitSnapshot } from './snapshot.ts';

const NAME = 'fit.safetensors';

export class Checkpoints {
  readonly #options: FitCheckpoint | null;

  constructor(options: FitCheckpoint | null) {
    this.#options = options;
  }

  /**
   * The run in the storage; null if there is none.
   * @throws ValueError if there is one, and it is not to be resumed.
   */
  async read(): Promise<FitSnapshot | null> {
    if (this.#options === null) return null;
    const { storage, name = NAME, resume = false } = this.#options;
    const bytes = await storage.read(name);
    if (bytes === null) return null;
    if (resume) return decodeSnapshot(bytes);
    throw new ValueError(
      `fit: expected no ${name} in the storage, got one; continue it with checkpoint.resume: true, or use another name`,
    );
  }

  /** @returns the size in bytes. @throws ValueError without storage. */
  async write(snapshot: FitSnapshot): Promise<number> {
    if (this.#options === null) throw new ValueError('save: expected the option checkpoint of fit, got none');
    const { storage, name = NAME } = this.#options;
    const bytes = encodeSnapshot(snapshot);
    await storage.write(name, bytes);
    return bytes.length;
  }
}
