/** Runs jobs in workers of the sandbox, with a limit on their silence. */
import type { EventOf, JobName, SettingsOf } from '../engine/jobs.ts';
import type { Reply, Request, WorkerError } from '../engine/messages.ts';
import { openSandbox, type Sandbox } from './sandbox.ts';

/** What a run reports. `onEnd` is called once, with null after the last event. */
export interface Listener<E> {
  readonly onEvent: (event: E) => void;
  readonly onEnd: (error: WorkerError | null) => void;
}

/** A running job. */
export interface Handle {
  /** Asks for more events. A job without credit pauses. */
  next(count: number): void;
  /** Ends the worker. No more events and no `onEnd` follow. */
  stop(): void;
}

/** A worker without event for this long, though the page asked for one, is ended. Milliseconds. */
export const SILENCE = 2000;

class Session {
  readonly #sandbox: Sandbox;
  readonly #id: number;
  readonly #port: MessagePort;
  readonly ready: Promise<void>;
  onReply: (reply: Reply) => void = () => {};

  constructor(sandbox: Sandbox, id: number) {
    const { port1, port2 } = new MessageChannel();
    [this.#sandbox, this.#id, this.#port] = [sandbox, id, port1];
    this.ready = new Promise((resolve) => {
      port1.onmessage = ({ data }: MessageEvent<Reply>): void => {
        if ('ready' in data) resolve();
        else this.onReply(data);
      };
    });
    sandbox.start(id, port2, (message) =>
      this.onReply({ error: { message: message || 'the worker ended', place: null, program: null } }),
    );
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
let spare: Promise<Session> | null = null;
/** The worker of the last run that ended well. It serves again for the same programs only. */
let kept: { readonly session: Promise<Session>; readonly codes: string } | null = null;

function sessionFor(codes: string): Promise<Session> {
  if (kept?.codes === codes) {
    const { session } = kept;
    kept = null;
    return session;
  }
  const session = spare ?? newSession();
  spare = null;
  return session;
}

function keep(session: Promise<Session>, codes: string): void {
  void kept?.session.then((other) => other.end());
  kept = { session, codes };
}

async function newSession(): Promise<Session> {
  sandbox ??= openSandbox();
  return new Session(await sandbox, ++count);
}

/** Starts the sandbox and a worker ahead of the first run. */
export function warmUp(): void {
  spare ??= newSession();
}

/** Runs a job on the texts of programs. The first events need `handle.next`, or `credits`. */
export function run<N extends JobName>(
  job: N,
  codes: readonly string[],
  settings: SettingsOf<N>,
  { onEvent, onEnd }: Listener<EventOf<N>>,
  { credits = Number.POSITIVE_INFINITY, silence = SILENCE } = {},
): Handle {
  const key = codes.join('\0');
  const session = sessionFor(key);
  let [stopped, owed] = [false, credits];
  let timer: ReturnType<typeof setTimeout> | undefined;
  const stop = (): void => {
    if (stopped) return;
    stopped = true;
    clearTimeout(timer);
    void session.then((started) => started.end());
  };
  const end = (error: WorkerError | null): void => {
    if (stopped) return;
    if (error === null) {
      [stopped, owed] = [true, 0];
      clearTimeout(timer);
      keep(session, key);
    } else stop();
    onEnd(error);
  };
  const silent = (): void =>
    end({
      message: `no result for ${silence / 1000} s; the run was ended. Look for a loop that does not end`,
      place: null,
      program: null,
    });
  const watch = (): void => {
    clearTimeout(timer);
    if (owed > 0 && !stopped) timer = setTimeout(silent, silence);
  };
  void session.then(async (started) => {
    started.onReply = (reply): void => {
      if (stopped) return;
      if ('error' in reply) return end(reply.error);
      if ('done' in reply) return end(null);
      if ('event' in reply) owed--;
      watch();
      if (!('event' in reply)) return;
      onEvent(reply.event as EventOf<N>);
    };
    await started.ready;
    if (stopped) return;
    started.send({ run: { job, codes, settings } });
    started.send({ next: owed });
    watch();
    warmUp();
  });
  return {
    next(more): void {
      owed += more;
      void session.then(async (started) => {
        await started.ready;
        if (stopped) return;
        started.send({ next: more });
        watch();
      });
    },
    stop,
  };
}
