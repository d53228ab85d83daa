/** The small worker. */
import { firstJobs } from './first-jobs.ts';
import { serve } from './serve.ts';

serve(firstJobs);
