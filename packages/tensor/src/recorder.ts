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
}

/** Open recorders, outermost first. Empty almost always: ops look at its length only. */
let open: readonly Recorder[] = [];
/** Whether any recorder listens: the one thing that an op pays for when none does. */
export let recording = false;

/** Runs `body` with one recorder more. */
export function withRecorder<R>(recorder: Recorder, body: () => R): R {
  return withRecorders([...open, recorder], body);
}

/** Runs `body` with none: what it computes is constant to every tape. */
export function withoutRecorders<R>(body: () => R): R {
  return withRecorders([], body);
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

/** Asks all recorders before a persistent storage is written. */
export function announceWrite(storage: Storage, what: string): void {
  for (const recorder of open) recorder.beforeWrite(storage, what);
}

function withRecorders<R>(recorders: readonly Recorder[], body: () => R): R {
  const before = open;
  open = recorders;
  recording = recorders.length > 0;
  try {
    return body();
  } finally {
    open = before;
    recording = before.length > 0;
  }
}
