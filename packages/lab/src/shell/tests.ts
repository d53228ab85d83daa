/** What tests read and change, instead of pixels: `globalThis.lab`. */
import { loaded, panels } from '../panels/index.ts';
import { whole } from './offline.ts';
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

const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));
