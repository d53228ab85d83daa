/** The jobs of all panels by name. Only verdict and throughTime are in the first load. */
import { block } from './block.ts';
import { byHand } from './by-hand.ts';
import { connectivity } from './connectivity.ts';
import { firstJobs } from './first-jobs.ts';
import { inside } from './inside.ts';
import './later-packages.ts';
import { oneStep } from './one-step.ts';
import { train } from './train.ts';

export const jobs = { ...firstJobs, block, byHand, connectivity, inside, oneStep, train };

export type JobName = keyof typeof jobs;
/** The settings of a job. */
export type SettingsOf<N extends JobName> = Parameters<(typeof jobs)[N]>[1];
/** The events of a job. */
export type EventOf<N extends JobName> =
  ReturnType<(typeof jobs)[N]> extends Iterable<infer E> | AsyncIterable<infer E> ? E : never;
