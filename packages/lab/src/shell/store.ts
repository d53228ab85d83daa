/** The signals of the page: its state, and what the jobs found. */
import { computed, effect, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { EventOf, JobName, SettingsOf } from '../engine/jobs.ts';
import type { WorkerError } from '../engine/messages.ts';
import { decodeLink } from './link.ts';
import { type Handle, run } from './run.ts';
import { initialState, type LabState } from './state.ts';

export const state: Signal<LabState> = signal(decodeLink(location.hash) ?? initialState);

/** Changes some fields of the state. */
export function change(fields: Partial<LabState>): void {
  state.value = { ...state.value, ...fields };
}

/** A part of the state. */
export const slice = <K extends keyof LabState>(key: K): ReadonlySignal<LabState[K]> =>
  computed(() => state.value[key]);

/** What a job found. Events of the run before remain until the first event of this one. */
export interface Result<N extends JobName> {
  readonly events: readonly EventOf<N>[];
  readonly busy: boolean;
  readonly error: WorkerError | null;
}

/** All results by job, for tests and the download of numbers. */
export const results: Record<string, Signal<Result<JobName>>> = {};

/** Runs a job again whenever its codes or settings change. The last change wins. */
export function job<N extends JobName>(
  name: N,
  inputs: () => { readonly codes: readonly string[]; readonly settings: SettingsOf<N> } | null,
  { delay = 0 } = {},
): Signal<Result<N>> {
  const result = signal<Result<N>>({ events: [], busy: false, error: null });
  results[name] = result as unknown as Signal<Result<JobName>>;
  let handle: Handle | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let key = '';
  effect(() => {
    const wanted = inputs();
    const nextKey = JSON.stringify(wanted);
    if (wanted === null || nextKey === key) return;
    key = nextKey;
    clearTimeout(timer);
    handle?.stop();
    const before = result.peek();
    result.value = { ...before, busy: true };
    const start = (): void => {
      let fresh: EventOf<N>[] = [];
      handle = run(name, wanted.codes, wanted.settings, {
        onEvent(event) {
          fresh = [...fresh, event];
          result.value = { events: fresh, busy: true, error: null };
        },
        onEnd(error) {
          result.value = { events: error === null ? fresh : before.events, busy: false, error };
        },
      });
    };
    timer = setTimeout(start, before.events.length === 0 ? 0 : delay);
  });
  return result;
}
