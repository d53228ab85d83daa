/** The jobs of the small worker, which the page loads first. */
import type { FIRST_JOBS } from '../settings/first.ts';
import { throughTime } from './through-time.ts';
import { verdict } from './verdict.ts';

export const firstJobs = { throughTime, verdict } satisfies Record<(typeof FIRST_JOBS)[number], unknown>;
