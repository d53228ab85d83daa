/** The signals of the page: its state, and what the jobs found. */
import { computed, effect, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { EventOf, JobName, SettingsOf } from '../engine/jobs.ts';
import type { WorkerError } from '../engine/messages.ts';
import { decodeLink, encodeLink } from './link.ts';
import { type Handle, run } from './run.ts';
import { initialState, type LabState } from './state.ts';
import { bringsCode } from './trust.ts';

export const state: Signal<LabState> = signal(decodeLink(location.hash) ?? initialState);

/** Whether programs of the link wait until the user has read them and presses Run. */
export const waiting: Signal<boolean> = signal(bringsCode(state.value));

// As in layout.css.
const narrow = matchMedia('(max-width: 800px)');
/** Whether a narrow page shows the cell, and not the panel. First a program that is to be read. */
export const onCell: Signal<boolean> = signal(waiting.value && narrow.matches);
narrow.addEventListener('change', () => {
  onCell.value = false;
});

/** Shows the cell, on narrow pages in place of the panel. */
export function showCell(): void {
  onCell.value = narrow.matches;
}

/** Milliseconds without a change before the address changes too. */
const ADDRESS_DELAY = 400;
let shownHash = location.hash;

// The address holds the state, so that a reload and a copied address keep the work.
let addressTimer: ReturnType<typeof setTimeout> | undefined;
effect(() => {
  const now = state.value;
  clearTimeout(addressTimer);
  addressTimer = setTimeout(() => {
    shownHash = now === initialState ? '' : `#${encodeLink(now)}`;
    if (location.hash !== shownHash) history.replaceState(null, '', shownHash || location.pathname);
  }, ADDRESS_DELAY);
});

// Another link in the same tab.
addEventListener('hashchange', () => {
  const linked = decodeLink(location.hash);
  if (linked === null || location.hash === shownHash) return;
  waiting.value = bringsCode(linked);
  state.value = linked;
  if (waiting.value) showCell();
});

/** The panel that was shown last, besides Keep. */
let kept: LabState['panel'] = initialState.panel;
/** The state for a link to send: it opens on what was shown before Keep. */
export const sent: ReadonlySignal<LabState> = computed(() => {
  if (state.value.panel !== 'keep') kept = state.value.panel;
  return { ...state.value, panel: kept };
});
effect(() => void sent.value);

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

/** Options of `job`. */
interface JobOptions {
  /** Milliseconds without a change before the next run starts. */
  readonly delay?: number;
  /** Whether a change waits until the current run ends, instead of ending it. For short runs. */
  readonly finish?: boolean;
}

/** Runs a job again whenever its codes or settings change. The last change wins. */
export function job<N extends JobName>(
  name: N,
  inputs: () => { readonly codes: readonly string[]; readonly settings: SettingsOf<N> } | null,
  { delay = 0, finish = false }: JobOptions = {},
): Signal<Result<N>> {
  const result = signal<Result<N>>({ events: [], busy: false, error: null });
  results[name] = result as unknown as Signal<Result<JobName>>;
  let handle: Handle | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let key = '';
  /** The start of the next run, if it waits for the current one. */
  let pending: (() => void) | null = null;
  effect(() => {
    const wanted = waiting.value ? null : inputs();
    const nextKey = JSON.stringify(wanted);
    if (wanted === null || nextKey === key) return;
    key = nextKey;
    clearTimeout(timer);
    const before = result.peek();
    const waits = finish && handle !== null;
    if (!waits) handle?.stop();
    result.value = { ...before, busy: true };
    const start = (): void => {
      let fresh: EventOf<N>[] = [];
      handle = run(name, wanted.codes, wanted.settings, {
        onEvent(event) {
          fresh = [...fresh, event];
          if (!finish) result.value = { events: fresh, busy: true, error: null };
        },
        onEnd(error) {
          handle = null;
          const events = error === null ? fresh : before.events;
          result.value = { events, busy: pending !== null, error };
          pending?.();
          pending = null;
        },
      });
    };
    if (waits) pending = start;
    else timer = setTimeout(start, before.events.length === 0 ? 0 : delay);
  });
  return result;
}
