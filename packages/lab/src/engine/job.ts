/** What runs in the worker. */
import type { Program } from './program.ts';

/**
 * A computation of a panel: from compiled programs and the panel's settings to events. Settings and
 * events are plain data, which workers can send. The same input gives the same events everywhere.
 */
export type Job<S, E> = (programs: readonly Program[], settings: S) => Iterable<E> | AsyncIterable<E>;
