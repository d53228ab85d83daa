/** How cells and the time loop speak to probes. They look at `probing` alone, which is null almost always. */
import { anomaly } from '@chronograd/autograd';
import type { Tensor } from '@chronograd/tensor';

/** A cell's step: a `Step` of `cells/cell.ts`, which imports this file. */
interface AnyStep {
  readonly output: Tensor;
  readonly state: unknown;
}

/** An observer of cells while they run. It changes no values. */
export interface Probe {
  /** The one that looked on before, and still does. */
  readonly outer: Probe | null;
  /** Whether it walks back itself, and so runs what no other such probe around it has to hear. */
  readonly walks: boolean;
  /** A cell named a tensor. @returns what it goes on with: the same values. */
  tap(cell: object, name: string, x: Tensor): Tensor;
  /**
   * A step's padded rows got output 0 and their previous state. @returns the same values.
   * @param zeroPadded returns a tensor [B, …] of this step with 0 in its padded rows.
   */
  selected(cell: object, step: AnyStep, zeroPadded: (x: Tensor) => Tensor): AnyStep;
}

/** The probe that looks on. */
export let probing: Probe | null = null;

/** Runs `body` under a probe; under none for null. */
export function withProbe<R>(probe: Probe | null, body: () => R): R {
  const before = probing;
  probing = probe;
  try {
    return body();
  } finally {
    probing = before;
  }
}

/** Whether a probe looks on now, alone or around others. */
export function listening(probe: Probe): boolean {
  for (let each = probing; each !== null; each = each.outer) if (each === probe) return true;
  return false;
}

/** A place in time: numbers that tell an earlier one from a later one, the first in which they differ. */
export type Moment = readonly number[];

/** The run of the time loop that goes on: its number, behind the moment at which it began, inside of another one. */
let run: Moment | null = null;
let runs = 0;

/** The time loop begins. @returns what `endRun` is to be given */
export function beginRun(): Moment | null {
  const around = run;
  run = around === null ? [++runs] : [...around, anomaly.step ?? 0, ++runs];
  return around;
}

export function endRun(around: Moment | null): void {
  run = around;
}

/** Now: the time step of the loop that runs, whichever way it goes; outside of loops, after all that was. */
export function momentNow(): Moment {
  return run === null ? [++runs] : [...run, anomaly.step ?? 0];
}
