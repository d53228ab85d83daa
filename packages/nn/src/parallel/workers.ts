/** Workers: where else the gradients of shards are computed. */
import type { ValueOrAux } from '@chronograd/autograd';
import { ChronogradError, type Random } from '@chronograd/tensor';
import type { Module } from '../module.ts';

/**
 * One worker of a run: a thread, or anything else that receives messages in order. Messages are
 * plain data, typed arrays, and shared memory where `Workers.shared` allows it.
 */
export interface WorkerLink {
  post(message: unknown): void;
  /**
   * @param receive is called with each message.
   * @param fail is called when the worker has died, or cannot be reached.
   */
  listen(receive: (message: unknown) => void, fail: (error: unknown) => void): void;
  /** Ends the worker. */
  close(): void;
}

/** The workers of a run of `fit`: see `nodeWorkers` and `webWorkers`. */
export interface Workers {
  /** How many compute, the thread of the run included. */
  readonly count: number;
  /** Plain data for the function that builds the replicas. */
  readonly data: unknown;
  /** Whether memory can be shared with them. */
  readonly shared: boolean;
  /** Starts a worker. @param rank from 1 on: the thread of the run is 0. */
  start(rank: number): WorkerLink;
}

/**
 * What a worker needs to compute gradients. Parameters are received from the run before every
 * update.
 */
export interface Replica {
  readonly model: Module;
  /** The run's loss. */
  readonly loss: (...args: never[]) => ValueOrAux<unknown>;
  /** The run's `randoms` that the loss draws from. Default: none. */
  readonly randoms?: readonly Random[];
}

/** Builds a replica in a worker. @param data the option `data` of the workers. */
export type MakeReplica<Data = undefined> = (data: Data) => Replica | Promise<Replica>;

/** A worker has failed or died. The model and the optimizer are as before the update. */
export class WorkerError extends ChronogradError {
  override readonly name = 'WorkerError';
  /** The worker's rank, from 1 on. */
  readonly worker: number;

  constructor(worker: number, what: string, cause?: unknown) {
    super(`fit: worker ${worker}: ${what}`, { cause });
    this.worker = worker;
  }
}
