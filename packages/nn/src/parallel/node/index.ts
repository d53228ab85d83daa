/** Workers in Node: its worker threads. See docs/parallel.md. */
import { URL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { ValueError } from '@chronograd/tensor';
import { describeValue } from '@chronograd/tensor/engine';
import { type WorkersOptions, workersOptions } from '../web.ts';
import type { Workers } from '../workers.ts';

export type { Workers, WorkersOptions };

/** The URL of a module: a `URL`. */
export interface ModuleURL {
  readonly href: string;
}

const { url: here } = import.meta as unknown as { readonly url: string };

/**
 * Worker threads of Node for `fit`. They run while the run is iterated.
 * @param module the URL of a module that exports `replica`: `(data) => ({ model, loss })`.
 * @example
 * const workers = nodeWorkers(new URL('./replica.js', import.meta.url), { count: 2 });
 * fit({ ...replica(), optimizer, batches, shards: 4, workers });
 */
export function nodeWorkers(module: ModuleURL, options: WorkersOptions): Workers {
  const op = 'nodeWorkers';
  if (!(module instanceof URL))
    throw new ValueError(
      `${op}: expected the URL of a module, got ${describeValue(module)}; write new URL('./replica.js', import.meta.url)`,
    );
  return {
    ...workersOptions(op, options),
    shared: true,
    start: () => {
      const worker = new Worker(new URL('./worker.js', here), { workerData: module.href });
      return {
        post: (message) => worker.postMessage(message),
        listen: (receive, fail) => {
          worker.on('message', receive);
          worker.on('messageerror', fail);
          worker.on('error', fail);
          worker.on('exit', (code: number) => fail(new Error(`the thread has ended with exit code ${code}`)));
        },
        close: () => void worker.terminate(),
      };
    },
  };
}
