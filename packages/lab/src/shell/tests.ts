/** What tests read and change, instead of pixels: `globalThis.lab`. */
import type { JobName } from '../engine/jobs.ts';
import { loaded, panels } from '../panels/index.ts';
import { whole } from './offline.ts';
import { run } from './run.ts';
import { change, results, state } from './store.ts';

/** Publishes the state of the page as `globalThis.lab`. */
export function publish(): void {
  Object.assign(globalThis, {
    lab: {
      get state() {
        return state.value;
      },
      get results() {
        return Object.fromEntries(Object.entries(results).map(([name, each]) => [name, each.value]));
      },
      panels: panels.map(({ id }) => id),
      change,
      /** The events of a job that no panel shows. */
      eventsOf,
      /** Resolves when everything is loaded. */
      whole,
      /** Resolves when no job is busy. */
      settled: async () => {
        while (!(state.value.panel in loaded.value)) await pause(20);
        await pause(500);
        while (Object.values(results).some(({ value }) => value.busy)) await pause(50);
      },
    },
  });
}

/** A block of a lesson may compute for longer than a panel's job. */
const SILENCE = 120_000;

function eventsOf(job: JobName, codes: readonly string[], settings: never): Promise<unknown[]> {
  return new Promise((resolve, reject) => {
    const events: unknown[] = [];
    run(
      job,
      codes,
      settings,
      {
        onEvent: (event) => events.push(event),
        onEnd: (error) => (error === null ? resolve(events) : reject(new Error(error.message))),
      },
      { silence: SILENCE },
    );
  });
}

const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));
