/** Runs jobs in workers of the sandbox, with a limit on their silence. */
import type { EventOf, JobName, SettingsOf } from '../engine/jobs.ts';
import type { WorkerError } from '../engine/messages.ts';
import { kindOf } from '../settings/first.ts';
import { keep, sessionFor, warmUp } from './workers.ts';

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
const SILENCE = 2000;
/** Milliseconds in which an answer that has arrived is read. */
const GRACE = 200;
/** On slow machines longer: this many times what a small program takes, up to a limit. */
const SLOW = { factor: 25, most: 15_000 };

/** Runs a job on the texts of programs. The first events need `handle.next`, or `credits`. */
export function run<N extends JobName>(
  job: N,
  codes: readonly string[],
  settings: SettingsOf<N>,
  { onEvent, onEnd }: Listener<EventOf<N>>,
  { credits = Number.POSITIVE_INFINITY, silence = SILENCE } = {},
): Handle {
  const kind = kindOf(job, codes);
  const session = sessionFor(kind, codes);
  // If it fails, the next run reports it.
  const prepareNext = (): void => void warmUp(kind).catch(() => {});
  let [stopped, owed, limit] = [false, credits, silence];
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
      keep(session, kind, codes);
    } else stop();
    onEnd(error);
  };
  const silent = (): void => {
    prepareNext();
    end(silenceError(limit, codes));
  };
  // On a busy page, an answer may wait behind the timer.
  const late = (): void => {
    timer = setTimeout(silent, GRACE);
  };
  const watch = (): void => {
    clearTimeout(timer);
    if (owed > 0 && !stopped) timer = setTimeout(late, limit);
  };
  void session.then(async (started) => {
    started.onReply = (reply): void => {
      if (stopped) return;
      if (!('alive' in reply)) prepareNext(); // not earlier: it would slow down the first result
      if ('error' in reply) return end(reply.error);
      if ('done' in reply) return end(null);
      if ('event' in reply) owed--;
      watch();
      if (!('event' in reply)) return;
      onEvent(reply.event as EventOf<N>);
    };
    try {
      await started.ready;
    } catch (error) {
      return end({ message: (error as Error).message, place: null, program: null });
    }
    if (stopped) return;
    limit = Math.max(silence, Math.min(SLOW.most, SLOW.factor * started.took));
    started.send({ run: { job, codes, settings } });
    started.send({ next: credits });
    watch();
  });
  return {
    next(more): void {
      owed += more;
      void session.then(async (started) => {
        await started.ready.catch(() => {});
        if (stopped) return;
        started.send({ next: more });
        watch();
      });
    },
    stop,
  };
}

/** The place is the only loop of the programs, if there is one. */
function silenceError(silence: number, codes: readonly string[]): WorkerError {
  const loops = codes.flatMap((code, program) =>
    code
      .split('\n')
      .flatMap((text, i) => (/\b(for|while|do)\b\s*[({]/.test(text) ? [{ program, line: i + 1 }] : [])),
  );
  const [loop, ...others] = loops;
  const only = loop !== undefined && others.length === 0;
  return {
    message: `no result for ${Math.round(silence / 1000)} s; the run was ended. Look for a loop that does not end`,
    place: only ? { line: loop.line, column: 1 } : null,
    program: only ? loop.program : null,
  };
}
