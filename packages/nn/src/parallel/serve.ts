/** The worker's side of a parallel run. */
import { requireFunction } from '@chronograd/tensor/engine';
import { type FromWorker, sentError, type ToWorker } from './messages.ts';
import { ReplicaServer } from './replica-server.ts';
import type { MakeReplica } from './workers.ts';

/** The worker's end of a link. */
export interface WorkerPort {
  post(message: unknown): void;
  listen(receive: (message: unknown) => void): void;
}

/**
 * Answers the messages of a run. Each is answered before the next one is sent.
 * @param makeReplica builds the replica; a promise of it while its module is loading.
 */
export function serve(port: WorkerPort, makeReplica: MakeReplica<never> | Promise<MakeReplica<never>>): void {
  let server: ReplicaServer | null = null;
  const answer = async (message: ToWorker): Promise<FromWorker> => {
    if (message.type === 'step') return (server as ReplicaServer).step(message);
    const make = await makeReplica;
    requireFunction('replica', make, 'export const replica = () => ({ model, loss })');
    server = new ReplicaServer(message, await make(message.data as never));
    return { type: 'ready' };
  };
  port.listen((message) => {
    answer(message as ToWorker)
      .catch((error: unknown): FromWorker => ({ type: 'error', error: sentError(error) }))
      .then((each) => port.post(each));
  });
  port.post({ type: 'listening' } satisfies FromWorker);
}
