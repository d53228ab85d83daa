/** The program of a worker thread: serves the replica of the module whose URL it is given. */
import { parentPort, workerData } from 'node:worker_threads';
import { serve } from '../serve.ts';
import type { MakeReplica } from '../workers.ts';

const loaded = import(workerData as string) as Promise<{ readonly replica: MakeReplica<never> }>;
serve(
  {
    post: (message) => parentPort?.postMessage(message),
    listen: (receive) => parentPort?.on('message', receive),
  },
  loaded.then(({ replica }) => replica),
);
