/** Workers of browsers: Web Workers, and the script that runs in them. */
import { ValueError } from '@chronograd/tensor';
import { describeValue, requireFunction } from '@chronograd/tensor/engine';
import { requireOptions } from '../internal/options.ts';
import { requireCount } from '../internal/require.ts';
import { serve } from './serve.ts';
import { canShare } from './shared-arrays.ts';
import type { MakeReplica, Workers } from './workers.ts';

/** Options of `webWorkers` and `nodeWorkers`. */
export interface WorkersOptions {
  /** How many threads compute, the one of the run included. */
  readonly count: number;
  /**
   * Plain data that the function which builds the replicas receives, copied as by `postMessage`.
   * Default: undefined.
   */
  readonly data?: unknown;
}

/** The part of a Web Worker that is used. */
export interface WebWorker {
  postMessage(message: unknown): void;
  addEventListener(type: string, listener: (event: never) => void): void;
  terminate(): void;
}

/** The part of a worker's global object that is used. */
export interface WebWorkerScope {
  postMessage(message: unknown): void;
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void;
}

/** The checked options. */
export function workersOptions(op: string, options: WorkersOptions): Required<WorkersOptions> {
  const { count, data } = requireOptions(op, options, '{ count: 2 }', { count: true, data: true });
  requireCount(op, 'count', count);
  return { count, data };
}

/**
 * Web Workers for `fit`. They share memory with the run if the page is cross-origin isolated, and
 * otherwise send copies.
 * @param makeWorker makes a worker whose script calls `serveReplica`.
 * @example
 * const url = new URL('./worker.js', import.meta.url);
 * const workers = webWorkers(() => new Worker(url, { type: 'module' }), { count: 4 });
 * fit({ shards: 4, workers, … });
 */
export function webWorkers(makeWorker: () => WebWorker, options: WorkersOptions): Workers {
  requireFunction('webWorkers', makeWorker, "webWorkers(() => new Worker(url, { type: 'module' }), …)");
  return {
    ...workersOptions('webWorkers', options),
    shared: canShare,
    start: () => {
      const worker = makeWorker();
      return {
        post: (message) => worker.postMessage(message),
        listen: (receive, fail) => {
          worker.addEventListener('message', ({ data }: { readonly data: unknown }) => receive(data));
          worker.addEventListener('messageerror', () => fail(new Error('a message could not be read')));
          worker.addEventListener('error', (event: { readonly message?: string; readonly error?: unknown }) =>
            fail(event.error ?? new Error(event.message ?? 'its script could not be loaded')),
          );
        },
        close: () => worker.terminate(),
      };
    },
  };
}

/**
 * Computes gradients for a run of `fit`: the script of a Web Worker.
 * @param scope `self` of the worker.
 * @example serveReplica(self, replica);
 */
export function serveReplica<Data>(scope: WebWorkerScope, makeReplica: MakeReplica<Data>): void {
  const { postMessage, addEventListener } = (scope ?? {}) as Partial<WebWorkerScope>;
  if (typeof postMessage !== 'function' || typeof addEventListener !== 'function')
    throw new ValueError(
      `serveReplica: expected the global object of a worker, got ${describeValue(scope)}; write serveReplica(self, replica)`,
    );
  requireFunction('serveReplica', makeReplica, 'serveReplica(self, () => ({ model, loss }))');
  serve(
    {
      post: (message) => scope.postMessage(message),
      listen: (receive) => scope.addEventListener('message', ({ data }) => receive(data)),
    },
    makeReplica as MakeReplica<never>,
  );
}
