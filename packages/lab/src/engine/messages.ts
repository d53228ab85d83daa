/** Messages between the page and a worker. Each worker has its own port. */
import type { ErrorPlace } from './program-error.ts';

/** From the page. */
export type Request =
  | { readonly run: { readonly job: string; readonly codes: readonly string[]; readonly settings: unknown } }
  /** The worker may send this many more events. */
  | { readonly next: number };

/** From the worker. */
export type Reply =
  /** With the milliseconds that a small program took. */
  | { readonly ready: number }
  /** The job goes on, though it has no event yet. */
  | { readonly alive: true }
  | { readonly event: unknown }
  | { readonly done: true }
  | { readonly error: WorkerError };

/** An error in the user's program, or `place: null`. */
export interface WorkerError {
  readonly message: string;
  readonly place: ErrorPlace | null;
  /** Which of the programs: 0 is the edited one. Null: not known. */
  readonly program: number | null;
}
