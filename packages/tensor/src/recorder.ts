/**
 * How a tape listens. Each primitive tells every open recorder what ran; the tensor package knows nothing else of gradients.
 */
import type { Storage } from './memory/storage.ts';
import type { PrimitiveName, Primitives } from './primitives.ts';
import type { Tensor } from './tensor.ts';

/** Something that wants to know which primitives run. */
export interface Recorder {
  /**
   * A primitive ran. `others` are its further outputs, for the few that have some.
   * Inputs, parameters and outputs have the types that `Primitives[name]` declares.
   */
  record(
    name: PrimitiveName,
    inputs: readonly Tensor[],
    params: unknown,
    output: Tensor,
    others: readonly Tensor[] | null,
  ): void;
  /** A persistent storage is about to be written; throws where an older value is still needed. */
  beforeWrite(storage: Storage, what: string): void;
  /** False for one that only looks on. What a tape records must not change in place; without a tape, it may. */
  readonly differentiates?: false;
}

/** Open recorders, outermost first. Empty almost always: ops look at its length only. */
let open: readonly Recorder[] = [];
/** Those that must agree to writes: the open ones, also while none of them records. */
let guards: readonly Recorder[] = [];
/** Whether any recorder listens: the one thing that an op pays for when none does. */
export let recording = false;
/** Whether one of them is a tape, which will differentiate what it hears of. */
export let differentiating = false;

/** Runs `body` with one recorder more. */
export function withRecorder<R>(recorder: Recorder, body: () => R): R {
  return listening([...open, recorder], [...guards, recorder], body);
}

/** Runs `body` unrecorded: what it computes is constant to every tape. Writes are announced all the same. */
export function withoutRecording<R>(body: () => R): R {
  return listening([], guards, body);
}

/** Runs `body` as if no tape were open: for checks, which put back whatever they write. */
export function withoutRecorders<R>(body: () => R): R {
  return listening([], [], body);
}

/** Runs `body` while `recorder` hears of writes alone: a backward pass still needs what its tape has saved. */
export function withGuard<R>(recorder: Recorder, body: () => R): R {
  return listening(open, [...guards, recorder], body);
}

/** Tells all recorders of one primitive, typed by the list of primitives. */
export function record<K extends PrimitiveName>(
  name: K,
  inputs: Primitives[K]['inputs'],
  params: Primitives[K]['params'],
  output: Tensor,
  others: readonly Tensor[] | null = null,
): void {
  for (let i = 0; i < open.length; i++) open[i]!.record(name, inputs, params, output, others);
}

/** Asks before a persistent storage is written. */
export function announceWrite(storage: Storage, what: string): void {
  for (const recorder of guards) recorder.beforeWrite(storage, what);
}

function listening<R>(recorders: readonly Recorder[], writes: readonly Recorder[], body: () => R): R {
  const before = open;
  const guarding = guards;
  setOpen(recorders);
  guards = writes;
  try {
    return body();
  } finally {
    setOpen(before);
    guards = guarding;
  }
}

function setOpen(recorders: readonly Recorder[]): void {
  open = recorders;
  recording = recorders.length > 0;
  differentiating = recorders.some((each) => each.differentiates !== false);
}
