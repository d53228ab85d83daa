/** The jobs of all panels by name. */
import { connectivity } from './connectivity.ts';
import { inside } from './inside.ts';
import { throughTime } from './through-time.ts';
import { train } from './train.ts';
import { verdict } from './verdict.ts';

export const jobs = { connectivity, inside, throughTime, train, verdict };

export type JobName = keyof typeof jobs;
/** The settings of a job. */
export type SettingsOf<N extends JobName> = Parameters<(typeof jobs)[N]>[1];
/** The events of a job. */
export type EventOf<N extends JobName> =
  ReturnType<(typeof jobs)[N]> extends Iterable<infer E> | AsyncIterable<infer E> ? E : never;
