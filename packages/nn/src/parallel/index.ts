/** Workers for `fit`: threads that share the shards of each batch. See docs/parallel.md. */
export type { ShardOptions } from './shards.ts';
export type { Axes } from './split.ts';
export {
  serveReplica,
  type WebWorker,
  type WebWorkerScope,
  type WorkersOptions,
  webWorkers,
} from './web.ts';
export { type MakeReplica, type Replica, WorkerError, type WorkerLink, type Workers } from './workers.ts';
