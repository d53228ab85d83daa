/** The worker of `parallel-case.mjs`. */
import { serveReplica } from '@chronograd/nn/parallel';
import { replica } from './parallel-case.mjs';

serveReplica(self, replica);
