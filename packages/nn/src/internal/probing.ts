/** The hooks of cells and the time loop for probes. Without a probe, `probing` is null. */
import { anomaly } from '@chronograd/autograd';
import type { Tensor } from '@chronograd/tensor';

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
export let probing: Probe | null = null;

/** Runs `body` with a probe, or without one for null. */
export function withProbe<R>(probe: Probe | null, body: () => R): R {
  const before = probing;
  probing = probe;
  try {
    return body();
  } finally {
    probing = before;
  }
}

/** Whether a probe is active, also around others. */
export function listening(probe: Probe): boolean {
  for (let each = probing; each !== null; each = each.outer) if (each === probe) return true;
  return false;
}

/** A position in time. The first number that differs tells the earlier from the later one. */
export type Timestamp = readonly number[];

/** The current run of the time loop: its number, after the timestamp in an enclosing loop. */
let run: Timestamp | null = null;
let runs = 0;

/** Starts a run of the time loop. @returns the argument of `endRun`. */
export function beginRun(): Timestamp | null {
  const around = run;
  run = around === null ? [++runs] : [...around, anomaly.step ?? 0, ++runs];
  return around;
}

export function endRun(around: Timestamp | null): void {
  run = around;
}

/** The time step of the current loop, in either direction; after all others outside of loops. */
export function timestampNow(): Timestamp {
  return run === null ? [++runs] : [...run, anomaly.step ?? 0];
}
