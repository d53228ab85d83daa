/** Worker threads. */
import { availableParallelism } from 'node:os';
import { Tinypool } from 'tinypool';
import type { PartDone } from './runner.ts';
import type { PngTask, ThreadTask } from './thread.ts';

/** Threads that run parts and write PNG files. The creator closes it. */
export class Threads {
  readonly count: number;
  readonly #pool: Tinypool;

  constructor(count: number = availableParallelism()) {
    this.count = count;
    const filename = new URL('./thread.js', import.meta.url).href;
    this.#pool = new Tinypool({ filename, minThreads: count, maxThreads: count });
  }

  part(task: ThreadTask): Promise<PartDone> {
    return this.#pool.run(task, { name: 'part' });
  }

  async png(task: PngTask): Promise<void> {
    try {
      await this.#pool.run(task, { name: 'png' });
    } catch (error) {
      // An error from a thread has no code, but its message begins with it.
      const code = error instanceof Error ? /^E[A-Z0-9]+(?=: )/.exec(error.message)?.[0] : undefined;
      throw code === undefined ? error : Object.assign(error as Error, { code, path: task.file });
    }
  }

  async close(): Promise<void> {
    await this.#pool.destroy();
  }
}
