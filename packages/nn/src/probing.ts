/** How cells and the time loop speak to probes. They look at `probing` alone, which is null almost always. */
import type { Tensor } from '@chronograd/tensor';
import type { Cell, Step } from './cell.ts';

/** Something that looks on while cells run. It changes no values. */
export interface Probe {
  /** A cell named a tensor. @returns what it goes on with: the same values. */
  tap(cell: Cell<unknown>, name: string, x: Tensor): Tensor;
  /** A step's padding was put back: its output is 0 there, and its state as it was before. @returns the same values. */
  settled(cell: Cell<unknown>, step: Step<unknown>): Step<unknown>;
}

/** The probe that looks on. */
export let probing: Probe | null = null;

/** Runs `body` under a probe. */
export function withProbe<R>(probe: Probe, body: () => R): R {
  const before = probing;
  probing = probe;
  try {
    return body();
  } finally {
    probing = before;
  }
}
