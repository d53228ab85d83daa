/** The running training: its events as plain lists, for the panel. */
import { signal } from '@preact/signals';
import type { WorkerError } from '../engine/messages.ts';
import type { TrainEvent } from '../engine/train.ts';
import { type Handle, run } from './run.ts';
import { state } from './store.ts';
import { builtInText } from './texts.ts';

/** What is known of one cell. */
export interface Progress {
  readonly losses: number[];
  gradientNorm: number;
  /** Of the last measurement: a safetensors file. */
  weights: { readonly step: number; readonly bytes: Uint8Array<ArrayBuffer> } | null;
  readonly measures: { readonly step: number; readonly heldOut: number; readonly sample: string | null }[];
}

export type Phase = 'idle' | 'running' | 'paused' | 'done';

/** Events that the page asks for ahead. */
const AHEAD = 64;
/** The first events need more time than others: the text is counted and the step recorded. */
const SILENCE = 10_000;

export const phase = signal<Phase>('idle');
export const error = signal<WorkerError | null>(null);
export const start = signal<Extract<TrainEvent, { type: 'start' }> | null>(null);
/** Changes with every drawn frame. The lists are extended in place. */
export const frame = signal(0);
export let progress: Progress[] = [];
/** Characters or steps a second, over the last second, of all cells. */
export const rate = signal(0);

let handle: Handle | null = null;
let owed = 0;
let drawn = false;
let counted = { since: 0, updates: 0 };

export async function play(): Promise<void> {
  if (handle === null) await begin();
  phase.value = 'running';
  counted = { since: performance.now(), updates: 0 };
  ask(AHEAD - owed);
}

export function pause(): void {
  phase.value = 'paused';
}

/** One update of each cell. */
export async function step(): Promise<void> {
  if (handle === null) await begin();
  phase.value = 'paused';
  ask(Math.max(1, progress.length) - owed);
}

/** Ends the run. The next one starts from the beginning. */
export function reset(): void {
  handle?.stop();
  handle = null;
  progress = [];
  phase.value = 'idle';
  start.value = null;
  error.value = null;
  rate.value = 0;
  frame.value++;
}

function ask(count: number): void {
  if (count <= 0) return;
  owed += count;
  handle?.next(count);
}

async function begin(): Promise<void> {
  reset();
  const { cells, train } = state.value;
  const codes = cells.slice(0, 2).map(({ code }) => code);
  const data = train.task === 'text' && train.data === '' ? await builtInText() : train.data;
  progress = codes.map(() => ({ losses: [], gradientNorm: Number.NaN, measures: [], weights: null }));
  owed = 1;
  const onEnd = (failure: WorkerError | null): void => {
    handle = null;
    error.value = failure;
    phase.value = 'done';
  };
  handle = run(
    'train',
    codes,
    { ...train, data },
    { onEvent: take, onEnd },
    { credits: 1, silence: SILENCE },
  );
}

function take(event: TrainEvent): void {
  owed--;
  if (event.type === 'start') start.value = event;
  else {
    const mine = progress[event.program]!;
    if (event.type === 'step') {
      mine.losses.push(event.loss);
      mine.gradientNorm = event.gradientNorm;
      counted.updates++;
    } else {
      const { weights, ...measure } = event;
      mine.measures.push(measure);
      mine.weights = { step: measure.step, bytes: weights as Uint8Array<ArrayBuffer> };
    }
  }
  if (phase.value === 'running') ask(AHEAD - owed);
  if (drawn) return;
  drawn = true;
  requestAnimationFrame(draw);
}

function draw(): void {
  drawn = false;
  const seconds = (performance.now() - counted.since) / 1000;
  if (seconds > 1 && start.value !== null) {
    rate.value = (counted.updates * start.value.perUpdate) / seconds;
    counted = { since: performance.now(), updates: 0 };
  }
  frame.value++;
}
