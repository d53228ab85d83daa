/** The hooks of cells and the time loop for probes. Without a probe, `runtime.probe` is null. */
import type { Tensor } from '@chronograd/tensor';
import { runtime, withRuntime } from '@chronograd/tensor/engine';

/** A cell's step: a `Step` of `cells/cell.ts`, which imports this file. */
interface AnyStep {
  readonly output: Tensor;
  readonly state: unknown;
}

/** An observer of cells while they run. It changes no values. */
export interface Probe {
  /** The enclosing probe. */
  readonly outer: Probe | null;
  /** Whether it runs its own backward pass, during which outer probes of this kind get no calls. */
  readonly walks: boolean;
  /** A cell named a tensor. @returns the tensor to continue with, of the same values. */
  tap(cell: object, name: string, x: Tensor): Tensor;
  /**
   * A step's padded rows got output 0 and their previous state. @returns the same values.
   * @param zeroPadded returns a tensor [B, …] of this step with 0 in its padded rows.
   */
  selected(cell: object, step: AnyStep, zeroPadded: (x: Tensor) => Tensor): AnyStep;
}

/** The innermost active probe. */
export function presentProbe(): Probe | null {
  return runtime.probe as Probe | null;
}

/** Runs `body` with a probe, or without one for null. */
export function withProbe<R>(probe: Probe | null, body: () => R): R {
  return withRuntime({ probe }, body);
}

/** Whether a probe observes now, as the innermost or around others. */
export function isObserving(probe: Probe): boolean {
  for (let each = presentProbe(); each !== null; each = each.outer) if (each === probe) return true;
  return false;
}

/** A point in time: numbers of which the first that differ order two of them. */
export type Timestamp = readonly number[];

/** Numbers the runs of time loops. */
let runs = 0;

/** Numbers a new run of a time loop. Inside another loop, after the timestamp of its start. */
export function newTimeLoop(): Timestamp {
  const { timeLoop, timeStep } = runtime;
  return timeLoop === null ? [++runs] : [...timeLoop, timeStep ?? 0, ++runs];
}

/** The step of the current loop, in either direction. Outside of loops, a new number. */
export function timestampNow(): Timestamp {
  const { timeLoop, timeStep } = runtime;
  return timeLoop === null ? [++runs] : [...timeLoop, timeStep ?? 0];
}
