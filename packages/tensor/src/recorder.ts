/**
 * Recorders receive each primitive that runs. A tape is one; the tensor package knows nothing else
 * about gradients.
 */
import type { Storage } from './memory/storage.ts';
import type { PrimitiveName, Primitives } from './primitives.ts';
import { type OpenRecorder, runtime } from './runtime.ts';
import type { Tensor } from './tensor.ts';

/** Receives the primitives that run while it is open. */
export interface Recorder extends OpenRecorder {
  /**
   * A primitive ran. `others` are the outputs after the first; null for one output.
   * Inputs, parameters and outputs have the types that `Primitives[name]` declares.
   */
  record(
    name: PrimitiveName,
    inputs: readonly Tensor[],
    params: unknown,
    output: Tensor,
    others: readonly Tensor[] | null,
  ): void;
  /** A persistent storage is about to be written. Throws where the old value is still needed. */
  beforeWrite(storage: Storage, what: string): void;
  /** False for a recorder that is not a tape. What a tape has recorded must not change in place. */
  readonly differentiates?: false;
}

/** Runs `body` with one more recorder. */
export function withRecorder<R>(recorder: Recorder, body: () => R): R {
  const { recorders, writeGuards } = runtime;
  return withRecorders([...recorders, recorder], [...writeGuards, recorder], body);
}

/** Runs `body` unrecorded: its results are constants to every tape. Writes are still announced. */
export function withoutRecording<R>(body: () => R): R {
  return withRecorders(NONE, runtime.writeGuards, body);
}

/** Runs `body` as if no tape were open: for checks, which restore whatever they write. */
export function withoutRecorders<R>(body: () => R): R {
  return withRecorders(NONE, NONE, body);
}

/**
 * Runs `body` with writes announced to `recorder`: a backward pass still needs what its tape has
 * saved.
 */
export function withGuard<R>(recorder: Recorder, body: () => R): R {
  return withRecorders(runtime.recorders, [...runtime.writeGuards, recorder], body);
}

/** Passes one primitive to all recorders, typed by the list of primitives. */
export function record<K extends PrimitiveName>(
  name: K,
  inputs: Primitives[K]['inputs'],
  params: Primitives[K]['params'],
  output: Tensor,
  others: readonly Tensor[] | null = null,
): void {
  const { recorders } = runtime;
  for (let i = 0; i < recorders.length; i++) recorders[i]!.record(name, inputs, params, output, others);
}

/** Asks the recorders before a persistent storage is written. */
export function announceWrite(storage: Storage, what: string): void {
  for (const recorder of runtime.writeGuards) recorder.beforeWrite(storage, what);
}

const NONE: readonly OpenRecorder[] = [];

/** Not `withRuntime`, which costs 0.6 µs: each gradient opens recorders several times. */
function withRecorders<R>(
  recorders: readonly OpenRecorder[],
  writeGuards: readonly OpenRecorder[],
  body: () => R,
): R {
  const { recorders: outer, writeGuards: outerGuards } = runtime;
  open(recorders, writeGuards);
  try {
    return body();
  } finally {
    open(outer, outerGuards);
  }
}

function open(recorders: readonly OpenRecorder[], writeGuards: readonly OpenRecorder[]): void {
  runtime.recorders = recorders;
  runtime.writeGuards = writeGuards;
  runtime.recording = recorders.length > 0;
  runtime.differentiating = recorders.some((each) => each.differentiates !== false);
}
