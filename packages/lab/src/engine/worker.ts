/** The large worker: all jobs. */
import './dispose.ts';
import { jobs } from './jobs.ts';
import { serve } from './serve.ts';

serve(jobs);
