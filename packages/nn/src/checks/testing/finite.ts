/** NaN and infinity in results, and the op that made the first one. */
import { AnomalyError, leavesOf } from '@chronograd/autograd';
import type { Tensor } from '@chronograd/tensor';
import type { Cell } from '../../cells/cell.ts';
import { nameState, stateLeaves } from '../../recurrent/state-leaves.ts';
import { detectAnomaly } from '../anomaly.ts';
import { Violation } from './law.ts';

/** @param again repeats the computation. @throws Violation for non-finite outputs and states. */
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
  for (const { path, leaf } of stateLeaves(state))
    requireFiniteLeaf(`the final ${nameState(path)}`, leaf, cell, again);
}

/** @throws Violation for a NaN or an infinity in a tree of gradients. */
export function requireFiniteGradients(cell: Cell<unknown>, gradients: unknown, again: () => unknown): void {
  for (const { path, leaf } of leavesOf('cellLaws', gradients))
    requireFiniteLeaf(`the gradient of ${path}`, leaf, cell, again);
}

function requireFiniteLeaf(what: string, leaf: Tensor, cell: Cell<unknown>, again: () => unknown): void {
  const bad = firstBad(leaf);
  if (bad >= 0) throw notFinite(`${what} is ${leaf.toTypedArray()[bad]}`, cell, again);
}

const firstBad = (x: Tensor): number => x.toTypedArray().findIndex((each) => !Number.isFinite(each));

/** Breaks any law: there are no numbers to compare. */
export class NotFinite extends Violation {}

function notFinite(what: string, cell: Cell<unknown>, again: () => unknown): NotFinite {
  return new NotFinite(
    `${what}: ${originOf(cell, again)}`,
    'keep the op in its domain, or draw valid states and inputs by the options `state` and `inputs` of the laws',
  );
}

/** The op that made it, if one is found. */
function originOf(cell: Cell<unknown>, again: () => unknown): string {
  try {
    detectAnomaly(cell, again);
  } catch (error) {
    if (!(error instanceof AnomalyError)) throw error;
    return error.message.split(';')[0]!;
  }
  return 'no op made it from finite numbers, so a constant or a parameter holds it';
}
