/** Numbers that are not finite: what they are, and which op made the first. */
import { AnomalyError, leavesOf } from '@chronograd/autograd';
import type { Tensor } from '@chronograd/tensor';
import type { Cell } from '../../cells/cell.ts';
import { nameState, stateLeaves } from '../../recurrent/state-leaves.ts';
import { detectAnomaly } from '../anomaly.ts';
import { Violation } from './violation.ts';

const CURE =
  'keep the op in its domain, or draw states and inputs that the cell can meet: the options `state` and `inputs` of the laws do';

/** @param again repeats what made the results. @throws Violation for a NaN or an infinity in outputs [T, B, …] or states [B, …]. */
export function requireFiniteResults(
  cell: Cell<unknown>,
  { outputs, state }: { readonly outputs: Tensor; readonly state: unknown },
  again: () => unknown,
): void {
  const at = firstBad(outputs);
  if (at >= 0) {
    const step = Math.floor((at * outputs.shape[0]!) / outputs.size);
    throw notFinite(`the output is ${outputs.toTypedArray()[at]} at step ${step}`, cell, again);
  }
  for (const { path, leaf } of stateLeaves(state)) {
    const bad = firstBad(leaf);
    if (bad >= 0) throw notFinite(`the final ${nameState(path)} is ${leaf.toTypedArray()[bad]}`, cell, again);
  }
}

/** @throws Violation for a NaN or an infinity in a tree of gradients. */
export function requireFiniteGradients(cell: Cell<unknown>, gradients: unknown, again: () => unknown): void {
  for (const { path, leaf } of leavesOf('cellLaws', gradients)) {
    const bad = firstBad(leaf);
    if (bad >= 0) throw notFinite(`the gradient of ${path} is ${leaf.toTypedArray()[bad]}`, cell, again);
  }
}

const firstBad = (x: Tensor): number => x.toTypedArray().findIndex((each) => !Number.isFinite(each));

/** Broken whatever the law: there are no numbers to compare. */
export class NotFinite extends Violation {}

function notFinite(what: string, cell: Cell<unknown>, again: () => unknown): NotFinite {
  return new NotFinite(`${what}: ${originOf(cell, again)}`, CURE);
}

/** The op that made it, as far as one can be found. */
function originOf(cell: Cell<unknown>, again: () => unknown): string {
  try {
    detectAnomaly(cell, again);
  } catch (error) {
    if (!(error instanceof AnomalyError)) throw error;
    return error.message.split(';')[0]!;
  }
  return 'no op made it out of finite numbers, so that a constant or a parameter holds it';
}
