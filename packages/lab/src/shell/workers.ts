/** The started workers. */
import type { Reply, Request } from '../engine/messages.ts';
import type { WorkerKind } from '../settings/first.ts';
import { openSandbox, type Sandbox } from './sandbox.ts';

/** A worker and its port. */
export class Session {
  readonly #sandbox: Sandbox;
  readonly #id: number;
  readonly #port: MessagePort;
  /** Rejected if the worker cannot be started. */
  readonly ready: Promise<void>;
  /** Milliseconds that a small program took in this worker. */
  took = 0;
  onReply: (reply: Reply) => void = () => {};

  constructor(sandbox: Sandbox, id: number, kind: WorkerKind) {
    const { port1, port2 } = new MessageChannel();
    [this.#sandbox, this.#id, this.#port] = [sandbox, id, port1];
    this.ready = new Promise((resolve, reject) => {
      sandbox.start(id, kind, port2, (text) => {
        const message = text || 'the worker ended';
        this.onReply({ error: { message, place: null, program: null } });
        reject(new Error(message));
      });
      port1.onmessage = ({ data }: MessageEvent<Reply>): void => {
        if ('ready' in data) {
          this.took = data.ready;
          resolve();
        } else this.onReply(data);
      };
    });
    this.ready.catch(() => {}); // whoever waits for it handles it
  }

  send(request: Request): void {
    this.#port.postMessage(request);
  }

  end(): void {
    this.onReply = () => {};
    this.#port.close();
    this.#sandbox.end(this.#id);
  }
}

let sandbox: Promise<Sandbox> | null = null;
let count = 0;
/** Started ahead, so that a run need not wait until the library is loaded. */
const spares = new Map<WorkerKind, Promise<Session>>();
/** The worker of the last run that ended well. It serves again for the same programs only. */
let kept: { readonly session: Promise<Session>; readonly key: string } | null = null;

const keyOf = (kind: WorkerKind, codes: readonly string[]): string => [kind, ...codes].join('\0');

/** A worker for these programs: the one that ran them last, one started ahead, or a new one. */
export function sessionFor(kind: WorkerKind, codes: readonly string[]): Promise<Session> {
  if (kept?.key === keyOf(kind, codes)) {
    const { session } = kept;
    kept = null;
    return session;
  }
  const session = spares.get(kind) ?? newSession(kind);
  spares.delete(kind);
  return session;
}

/** Keeps a worker whose run ended well, and ends the one that was kept before. */
export function keep(session: Promise<Session>, kind: WorkerKind, codes: readonly string[]): void {
  void kept?.session.then((other) => other.end());
  kept = { session, key: keyOf(kind, codes) };
}

async function newSession(kind: WorkerKind): Promise<Session> {
  sandbox ??= openSandbox();
  return new Session(await sandbox, ++count, kind);
}

/** Starts the sandbox and a worker ahead of a run. @returns when it is ready; rejects if not. */
export async function warmUp(kind: WorkerKind): Promise<void> {
  const session = spares.get(kind) ?? newSession(kind);
  spares.set(kind, session);
  try {
    await (await session).ready;
  } catch (error) {
    if (spares.get(kind) === session) spares.delete(kind);
    throw error;
  }
}
