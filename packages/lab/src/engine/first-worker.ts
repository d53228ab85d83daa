/** The small worker. */
import './dispose.ts';
import { firstJobs } from './first-jobs.ts';
import { serve } from './serve.ts';

serve(firstJobs);
